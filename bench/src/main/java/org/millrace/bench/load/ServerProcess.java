package org.millrace.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/** CPU and memory of a process of this machine, and of its descendants if wanted, from /proc. */
final class ServerProcess {
  /** Of /proc/PID/stat, on every Linux that runs a JVM of today. */
  private static final double TICKS_PER_SECOND = 100;

  private static final long BYTES_PER_KIB = 1024;
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private final long pid;
  private final boolean children;

  /** A process that must be there. */
  ServerProcess(long pid, boolean children) {
    this.pid = pid;
    this.children = children;
    if (!Files.isReadable(stat(pid))) {
      throw new IllegalArgumentException("there is no process " + pid + " here (--pid)");
    }
  }

  private static Path stat(long process) {
    return Path.of("/proc", Long.toString(process), "stat");
  }

  private LongStream processes() {
    final LongStream self = LongStream.of(pid);
    return children
        ? LongStream.concat(
            self,
            ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(ProcessHandle::pid))
        : self;
  }

  /** Seconds of CPU so far, user and system. */
  double cpuSeconds() {
    return processes().mapToDouble(ServerProcess::cpuSeconds).sum();
  }

  private static double cpuSeconds(long process) {
    try {
      final String line = Files.readString(stat(process));
      // The name in brackets may hold anything.
      final String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0; // gone by now
    }
  }

  /** Bytes of memory in use; of what several of the processes share each has its part. */
  long residentBytes() {
    return processes().map(children ? ServerProcess::part : ServerProcess::resident).sum();
  }

  private static long resident(long process) {
    return rollUp(process, "Rss:");
  }

  private static long part(long process) {
    return rollUp(process, "Pss:");
  }

  private static long rollUp(long process, String name) {
    final Path file = Path.of("/proc", Long.toString(process), "smaps_rollup");
    try {
      for (final String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return kib(line);
        }
      }
    } catch (IOException e) {
      return status(process); // of another user
    }
    return 0;
  }

  private static long status(long process) {
    try {
      final List<String> lines = Files.readAllLines(stat(process).resolveSibling("status"));
      return lines.stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(ServerProcess::kib)
          .sum();
    } catch (IOException e) {
      return 0; // gone by now
    }
  }

  private static long kib(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB;
  }
}
