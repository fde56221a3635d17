package org.millrace.bench.load.baseline;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link LeastEcho} in a JVM of its own. */
public final class LeastEchoProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  /** Starts it and waits until it listens. */
  public LeastEchoProcess() throws IOException {
    final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                List.of(
                    java,
                    "--add-opens",
                    "java.base/jdk.internal.misc=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LeastEcho.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    final String line = process.inputReader(StandardCharsets.US_ASCII).readLine();
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("the least echo server does not start");
    }
    port = Integer.parseInt(line);
  }

  public URI uri() {
    return URI.create("ws://127.0.0.1:" + port + "/");
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
