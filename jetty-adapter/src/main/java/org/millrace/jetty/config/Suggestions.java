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

  private final Map<String, String> parameters = new LinkedHashMap<>();

  /** With the parameters that the comments of these defaults name. */
  Suggestions(ConfigObject reference) {
    collect("", reference);
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

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      final int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        final int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
