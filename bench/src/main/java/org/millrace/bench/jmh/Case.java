package org.millrace.bench.jmh;

import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A benchmark with a value for each of its parameters.
 *
 * @param benchmark class and method, with the package.
 */
public record Case(String benchmark, SortedMap<String, String> parameters)
    implements Comparable<Case> {
  private static final Comparator<Case> ORDER =
      Comparator.comparing(Case::benchmark).thenComparing(one -> one.parameters().toString());

  public Case {
    parameters = new TreeMap<>(parameters);
  }

  /** Of a benchmark without parameters, or with some. */
  public static Case of(String benchmark, Map<String, String> parameters) {
    return new Case(benchmark, new TreeMap<>(parameters));
  }

  /** Class and method without the package, then the parameters. */
  @Override
  public String toString() {
    final int method = benchmark.lastIndexOf('.');
    final String name = benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    return parameters.entrySet().stream()
        .map(entry -> " " + entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("", name, ""));
  }

  @Override
  public int compareTo(Case other) {
    return ORDER.compare(this, other);
  }
}
