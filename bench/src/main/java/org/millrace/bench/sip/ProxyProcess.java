package org.millrace.bench.sip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A proxy in processes of its own that sends what comes over WebSocket to a UDP port. */
final class ProxyProcess implements AutoCloseable {
  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final int SECONDS_TO_END = 10;
  private static final long BETWEEN_LOOKS_MS = 50;

  private final Process process;
  private final InetSocketAddress address;
  private final Path directory;

  private ProxyProcess(Process process, int port, Path directory) {
    this.process = process;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.directory = directory;
  }

  /**
   * Starts a proxy and waits until it listens.
   *
   * @param jvmFlags of Millrace's process.
   * @param core the UDP port that it sends to.
   */
  static ProxyProcess start(Proxy proxy, List<String> jvmFlags, int core) throws IOException {
    final Path directory = Files.createTempDirectory("millrace-bench-sip");
    final int port = freePort();
    final List<String> command =
        proxy == Proxy.MILLRACE
            ? millrace(jvmFlags, directory, port, core)
            : kamailio(directory, port, core, proxy == Proxy.KAMAILIO);
    final Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    final ProxyProcess started = new ProxyProcess(process, port, directory);
    try {
      started.awaitListening();
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> millrace(List<String> flags, Path directory, int port, int core)
      throws IOException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("org.millrace.jetty.cli.Main");
    command.add("serve");
    command.add("-c");
    command.add(configuration("edge.conf", directory, port, core).toString());
    return command;
  }

  /** The allocator that is fastest, with room. */
  private static List<String> kamailio(Path directory, int port, int core, boolean transactions)
      throws IOException {
    final List<String> command = new ArrayList<>();
    command.add("kamailio");
    command.addAll(List.of("-DD", "-E", "-x", "fm", "-X", "fm", "-m", "1024", "-M", "64"));
    command.addAll(List.of("-Y", directory.toString()));
    if (transactions) {
      command.addAll(List.of("-A", "TRANSACTIONS"));
    }
    command.addAll(List.of("-f", configuration("kamailio.cfg", directory, port, core).toString()));
    return command;
  }

  private static Path configuration(String name, Path directory, int port, int core)
      throws IOException {
    try (InputStream in = ProxyProcess.class.getResourceAsStream(name)) {
      final String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@PORT@", Integer.toString(port))
              .replace("@CORE@", Integer.toString(core))
              .replace("@UDP@", Integer.toString(freePort()))
              .replace("@DIRECTORY@", directory.toString());
      return Files.writeString(directory.resolve(name), text);
    }
  }

  private void awaitListening() throws IOException {
    final long startNs = System.nanoTime();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() - startNs > TO_START.toNanos()) {
        throw new IOException("does not listen:\n" + Files.readString(directory.resolve("log")));
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

  InetSocketAddress address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  /** CPU time of all its processes so far. */
  Duration cpu() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() {
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
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
