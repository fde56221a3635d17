package org.millrace.bench.capacity;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What memory this JVM has in use when its garbage is gone.
 *
 * @param heap bytes, as the collector counts them.
 * @param direct bytes of direct buffers.
 * @param classes bytes of objects by class; empty if the JVM is not one that tells.
 */
record Memory(long heap, long direct, Map<String, Long> classes) {
  private static final int COLLECTIONS = 4;
  private static final Pattern LINE =
      Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);

  @SuppressWarnings("System.GC") // what survives is what is asked for
  static Memory inUse() {
    final Map<String, Long> classes = histogram();
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    long direct = 0;
    for (final BufferPoolMXBean pool :
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        direct = pool.getMemoryUsed();
      }
    }
    return new Memory(heap, direct, classes);
  }

  private static Map<String, Long> histogram() {
    final Map<String, Long> classes = new TreeMap<>();
    try {
      final Object answer =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      final Matcher line = LINE.matcher((String) answer);
      while (line.find()) {
        classes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
      }
    } catch (JMException e) {
      return Map.of();
    }
    return classes;
  }

  /** How much more of each class there is than in {@code earlier}, in bytes. */
  Map<String, Long> classesSince(Memory earlier) {
    return classes.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue() - earlier.classes.getOrDefault(entry.getKey(), 0L)));
  }
}
