package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What somebody may have meant who wrote a key or a name that does not exist. */
final class Suggestions {
  /** Parameters of the servers that this one replaces, as the comments of reference.conf say. */
  private static final Pattern PARAMETERS =
      Pattern.compile("(Kamailio|OpenSIPS): ([a-z_]+(?:, [a-z_]+)*)");

  private final ConfigObject reference;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  /** With the parameters that the comments of these defaults name. */
  Suggestions(ConfigObject reference) {
    this.reference = reference;
  }

  private void collect(String prefix, ConfigObject object) {
    object.forEach(
        (name, value) -> {
          collect(prefix + name, value);
          if (value instanceof ConfigObject nested) {
            collect(prefix + name + ".", nested);
          }
        });
  }

  private void collect(String key, ConfigValue value) {
    final Matcher found = PARAMETERS.matcher(String.join(" ", value.origin().comments()));
    while (found.find()) {
      for (final String parameter : found.group(2).split(", ", -1)) {
        parameters.putIfAbsent(parameter, found.group(1) + "'s " + parameter + " is " + key);
      }
    }
  }

  /** What to do about a key that is not known among those that are. */
  String forKey(String unknown, Collection<String> known) {
    if (parameters.isEmpty()) {
      collect("", reference);
    }
    final String parameter = parameters.get(unknown.toLowerCase(Locale.ROOT));
    if (parameter != null) {
      return "there is no such key; " + parameter + " here";
    }
    return "there is no such key; "
        + nearest(unknown, known)
            .map(name -> "did you mean " + name + "?")
            .orElse("there are " + String.join(", ", known.stream().sorted().toList()));
  }

  /** The name most like another, if any is like it at all. */
  static Optional<String> nearest(String unknown, Collection<String> known) {
    final String plain = plain(unknown);
    return known.stream()
        .filter(name -> distance(plain, plain(name)) <= Math.max(1, plain(name).length() / 3))
        .min(Comparator.comparingInt(name -> distance(plain, plain(name))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /** Letters added, left out, replaced, and neighbours swapped. */
  private static int distance(String a, String b) {
    final int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : step(rows, a, b, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int step(int[][] rows, String a, String b, int i, int j) {
    final boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    final int changed =
        Math.min(rows[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
    final boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(changed, rows[i - 2][j - 2] + 1) : changed;
  }
}
