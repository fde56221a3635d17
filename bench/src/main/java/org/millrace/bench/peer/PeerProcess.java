package org.millrace.bench.peer;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A peer in a JVM of its own: the same JDK as this one, and the same flags for every peer. Commands
 * go one at a time.
 */
public final class PeerProcess implements AutoCloseable {
  private static final int SECONDS_TO_END = 10;

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final int port;
  private final String note;

  private PeerProcess(Process process) throws IOException {
    this.process = process;
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
    port = Integer.parseInt(answer("port"));
    note = answer("note");
  }

  /**
   * Starts a peer and waits until it listens.
   *
   * @param flags of its JVM.
   */
  public static PeerProcess start(Peer peer, List<String> flags) throws IOException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(PeerServer.class.getName());
    command.add(peer.name());
    final Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new PeerProcess(process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public long pid() {
    return process.pid();
  }

  /** What a reader of its figures has to know; empty if nothing. */
  public String note() {
    return note;
  }

  /** CPU time of the whole process so far: every thread, user and system. */
  public Duration cpu() {
    return process
        .toHandle()
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException("the system does not tell CPU times"));
  }

  /** Bytes of heap that are in use when the garbage is gone. */
  public long heapInUse() throws IOException {
    commands.write(PeerServer.HEAP);
    commands.newLine();
    commands.flush();
    return Long.parseLong(answer(PeerServer.HEAP));
  }

  private String answer(String about) throws IOException {
    final String line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer ended when it was to tell its " + about);
    }
    if (!line.startsWith(about + " ")) {
      throw new IOException("the peer was to tell its " + about + ", but said: " + line);
    }
    return line.substring(about.length() + 1);
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
