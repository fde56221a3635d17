package org.millrace.bench.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks of this jar: the last part of their package is the group that each is in. */
public final class Suite {
  private Suite() {}

  /** The names of all, with their packages. */
  public static List<String> benchmarks() {
    final OutputFormat silent =
        OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return BenchmarkList.defaultList().getAll(silent, List.of()).stream()
        .map(BenchmarkListEntry::getUsername)
        .sorted()
        .toList();
  }

  /** The names of all groups. */
  public static SortedSet<String> groups() {
    final SortedSet<String> groups = new TreeSet<>();
    benchmarks().forEach(benchmark -> groups.add(group(benchmark)));
    return groups;
  }

  static String group(String benchmark) {
    final int type = benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1);
    return benchmark.substring(benchmark.lastIndexOf('.', type - 1) + 1, type);
  }

  /**
   * Expressions for JMH of what a user asks for: groups, or expressions already.
   *
   * @throws IllegalArgumentException if one of them finds nothing; the message says what there is.
   */
  public static List<String> expressions(List<String> asked) {
    final SortedSet<String> groups = groups();
    final List<String> benchmarks = benchmarks();
    final List<String> expressions = new ArrayList<>();
    for (final String one : asked) {
      final String expression =
          groups.contains(one) ? "\\." + Pattern.quote(one) + "\\.[A-Z]" : one;
      final Pattern pattern = compiled(expression);
      if (benchmarks.stream().noneMatch(benchmark -> pattern.matcher(benchmark).find())) {
        throw new IllegalArgumentException(
            one
                + " finds no benchmark; there are the groups "
                + String.join(", ", groups)
                + ", and bench jmh --list names all");
      }
      expressions.add(expression);
    }
    return expressions;
  }

  private static Pattern compiled(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          expression + " is not a regular expression: " + e.getDescription(), e);
    }
  }
}
