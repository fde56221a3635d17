package org.millrace.bench.peer;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A peer in a JVM of its own: the same JDK as this one, and the same flags for every peer. Commands
 * go one at a time.
 */
public final class PeerProcess implements ServerProcess {
  /** Where SIP is answered. */
  static final String SIP_PATH = "/";

  /** Whose SIP it is. */
  static final String SIP_DOMAIN = "example.com";

  private static final int SECONDS_TO_END = 10;

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final String path;
  private final int port;
  private final int securePort;
  private final String note;

  private PeerProcess(Process process, String path) throws IOException {
    this.process = process;
    this.path = path;
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
    port = Integer.parseInt(answer("port"));
    securePort = Integer.parseInt(answer("secure"));
    note = answer("note");
  }

  /**
   * Starts a peer and waits until it listens.
   *
   * @param flags of its JVM.
   * @param identity that it shows over TLS; must last as long as the process.
   */
  public static PeerProcess start(Peer peer, List<String> flags, Identity identity)
      throws IOException {
    return start(peer, RunningPeer.PATH, flags, identity);
  }

  /** Starts Millrace as a server of SIP rather than an echo server. */
  public static PeerProcess startSip(List<String> flags, Identity identity) throws IOException {
    return start(Peer.MILLRACE, SIP_PATH, flags, identity);
  }

  private static PeerProcess start(Peer peer, String path, List<String> flags, Identity identity)
      throws IOException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath(peer));
    command.add(PeerServer.class.getName());
    command.add(peer.name());
    command.add(identity.directory().toString());
    final Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new PeerProcess(process, path);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** This JVM's own, behind the jars that only the peer has. */
  private static String classPath(Peer peer) throws IOException {
    final String own = System.getProperty("java.class.path");
    if (peer.jars().isEmpty()) {
      return own;
    }
    final Path jars = besideThese("peers").resolve(peer.jars().get());
    if (!Files.isDirectory(jars)) {
      throw new IOException(
          "the jars of " + peer + " are not in " + jars + ": the build of bench puts them there");
    }
    return jars + File.separator + "*" + File.pathSeparator + own;
  }

  /** The build's directory holds these classes, or the jar with them, and what else it yields. */
  private static Path besideThese(String name) throws IOException {
    try {
      return Path.of(PeerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling(name);
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public URI uri(boolean secure) {
    return URI.create(
        (secure ? "wss://" : "ws://")
            + RunningPeer.HOST
            + ":"
            + (secure ? securePort : port)
            + path);
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
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

  @Override
  public OptionalLong heapInUse() throws IOException {
    commands.write(PeerServer.HEAP);
    commands.newLine();
    commands.flush();
    return OptionalLong.of(Long.parseLong(answer(PeerServer.HEAP)));
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
