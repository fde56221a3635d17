package org.millrace.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The memory of processes as Linux accounts for it. */
final class Resident {
  private static final String SHARE = "Pss:";
  private static final long KIB = 1024;

  private Resident() {}

  /**
   * Of a process and all that descend from it: each page's share, so that what is shared counts
   * once.
   */
  static long bytes(ProcessHandle root) throws IOException {
    final List<ProcessHandle> all = Stream.concat(Stream.of(root), root.descendants()).toList();
    long bytes = 0;
    for (final ProcessHandle process : all) {
      bytes += share(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"));
    }
    return bytes;
  }

  private static long share(Path rollup) throws IOException {
    for (final String line : Files.readAllLines(rollup)) {
      if (line.startsWith(SHARE)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
      }
    }
    throw new IOException(rollup + " tells no " + SHARE);
  }
}
