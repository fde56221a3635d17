package org.millrace.bench.peer;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Kamailio with its WebSocket module, whose script answers OPTIONS. */
public final class KamailioProcess implements ServerProcess {
  private static final String COMMAND = "kamailio";
  private static final String CONFIGURATION = "kamailio-answers.cfg";

  private final ListeningProcess process;
  private final int port;
  private final int securePort;

  private KamailioProcess(ListeningProcess process, int port, int securePort) {
    this.process = process;
    this.port = port;
    this.securePort = securePort;
  }

  /** Whether there is one on the path, or where Debian puts it. */
  public static boolean isInstalled() {
    return executable() != null;
  }

  private static Path executable() {
    final String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, COMMAND))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /**
   * Starts it with the allocator that is fastest, with room, and waits until it listens.
   *
   * @param identity that it shows over TLS; must last as long as the process.
   */
  public static KamailioProcess start(Identity identity) throws IOException {
    final Path directory = Files.createTempDirectory("millrace-bench-kamailio");
    final int port = ListeningProcess.freePort();
    final int securePort = ListeningProcess.freePort();
    final Path configuration = configuration(directory, port, securePort, identity);
    final List<String> command =
        List.of(
            String.valueOf(executable()),
            "-DD",
            "-E",
            "-x",
            "fm",
            "-X",
            "fm",
            "-m",
            "1024",
            "-M",
            "64",
            "-Y",
            directory.toString(),
            "-f",
            configuration.toString());
    return new KamailioProcess(
        ListeningProcess.start(command, directory, securePort), port, securePort);
  }

  private static Path configuration(Path directory, int port, int securePort, Identity identity)
      throws IOException {
    try (InputStream in = KamailioProcess.class.getResourceAsStream(CONFIGURATION)) {
      final String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@PORT@", Integer.toString(port))
              .replace("@SECURE_PORT@", Integer.toString(securePort))
              .replace("@UDP@", Integer.toString(ListeningProcess.freePort()))
              .replace("@CERTIFICATE@", identity.chain().toString())
              .replace("@KEY@", identity.key().toString());
      return Files.writeString(directory.resolve(CONFIGURATION), text);
    }
  }

  @Override
  public URI uri(boolean secure) {
    return URI.create(
        (secure ? "wss://" : "ws://")
            + RunningPeer.HOST
            + ":"
            + (secure ? securePort : port)
            + PeerProcess.SIP_PATH);
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public OptionalLong heapInUse() {
    return OptionalLong.empty();
  }

  @Override
  public String note() {
    return "its script answers OPTIONS; 2 TCP processes, -x fm -X fm -m 1024,"
        + " tcp_rd_buf_size=16384; TLS by OpenSSL";
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
