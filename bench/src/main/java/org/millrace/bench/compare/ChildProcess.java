package org.millrace.bench.compare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that is waited for. {@link Build} ends those that run when this process ends: whoever
 * stops a comparison half-way is left with no Maven and no benchmark that go on.
 */
final class ChildProcess {
  private static final int SECONDS_TO_END = 10;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  private ChildProcess() {}

  /**
   * How a command has ended.
   *
   * @param said on either stream.
   */
  record Outcome(int exitCode, String said) {}

  /** Runs a command without input to its end. */
  static Outcome run(ProcessBuilder command) throws IOException {
    final Process process = command.redirectErrorStream(true).start();
    RUNNING.add(process);
    try {
      process.getOutputStream().close();
      final String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      RUNNING.remove(process);
      end(process);
    }
  }

  /** Ends whatever runs, and waits for it: nothing of it writes a file any more. */
  static void endAll() {
    RUNNING.forEach(ChildProcess::end);
  }

  private static void end(Process process) {
    final ProcessHandle[] all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
            .toArray(ProcessHandle[]::new);
    for (final ProcessHandle one : all) {
      one.destroyForcibly();
    }
    for (final ProcessHandle one : all) {
      one.onExit().completeOnTimeout(one, SECONDS_TO_END, TimeUnit.SECONDS).join();
    }
  }
}
