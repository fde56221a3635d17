package org.millrace.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Somebody's server: a command that listens on a port of this machine, perhaps through processes
 * that it starts, and logs into a file. It ends when told, with all of them.
 */
public final class ListeningProcess implements AutoCloseable {
  private static final String LOG = "log";
  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final int SECONDS_TO_END = 10;
  private static final long BETWEEN_LOOKS_MS = 50;

  private final Process process;
  private final InetSocketAddress address;
  private final Path directory;

  private ListeningProcess(Process process, int port, Path directory) {
    this.process = process;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.directory = directory;
  }

  /**
   * Starts a command and waits until it listens.
   *
   * @param directory of its own, with files and no directories in it; deleted at its end.
   * @param port that it will listen on.
   */
  public static ListeningProcess start(List<String> command, Path directory, int port)
      throws IOException {
    final Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(LOG).toFile())
            .start();
    final ListeningProcess started = new ListeningProcess(process, port, directory);
    try {
      started.awaitListening();
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** A port that nobody listens on at the moment. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws IOException {
    final long startNs = System.nanoTime();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() - startNs > TO_START.toNanos()) {
        throw new IOException("does not listen:\n" + Files.readString(directory.resolve(LOG)));
      }
      pause();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  /** The process from which all others descend. */
  public long pid() {
    return process.pid();
  }

  /** CPU time of all its processes so far. */
  public Duration cpu() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() throws IOException {
    final List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    try {
      process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    try (Stream<Path> files = Files.list(directory)) {
      for (final Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
