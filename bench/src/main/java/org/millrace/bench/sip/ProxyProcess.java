package org.millrace.bench.sip;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.millrace.bench.peer.ListeningProcess;

/** A proxy in processes of its own that sends what comes over WebSocket to a UDP port. */
final class ProxyProcess implements AutoCloseable {
  private final ListeningProcess process;

  private ProxyProcess(ListeningProcess process) {
    this.process = process;
  }

  /**
   * Starts a proxy and waits until it listens.
   *
   * @param jvmFlags of Millrace's process.
   * @param core the UDP port that it sends to.
   */
  static ProxyProcess start(Proxy proxy, List<String> jvmFlags, int core) throws IOException {
    final Path directory = Files.createTempDirectory("millrace-bench-sip");
    final int port = ListeningProcess.freePort();
    final List<String> command =
        proxy == Proxy.MILLRACE
            ? millrace(jvmFlags, directory, port, core)
            : kamailio(directory, port, core, proxy == Proxy.KAMAILIO);
    return new ProxyProcess(ListeningProcess.start(command, directory, port));
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
              .replace("@UDP@", Integer.toString(ListeningProcess.freePort()))
              .replace("@DIRECTORY@", directory.toString());
      return Files.writeString(directory.resolve(name), text);
    }
  }

  InetSocketAddress address() {
    return process.address();
  }

  long pid() {
    return process.pid();
  }

  /** CPU time of all its processes so far. */
  Duration cpu() {
    return process.cpu();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
