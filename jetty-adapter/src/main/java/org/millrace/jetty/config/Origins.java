package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says where values come from, for people. */
final class Origins {
  static final String REFERENCE = "reference.conf";

  private static final Pattern RESOURCE = Pattern.compile("(?:.*/)?([^/ ]+\\.conf) @ .*");

  private Origins() {}

  /** File and line, or option, or environment variable. */
  static String location(ConfigValue value) {
    if (value instanceof ConfigObject object && value.origin().lineNumber() < 0) {
      return ownLeaf(object).map(leaf -> location(leaf.origin())).orElse(location(value.origin()));
    }
    return location(value.origin());
  }

  static String location(ConfigOrigin origin) {
    if (origin.description().startsWith("env var")) {
      return "environment";
    }
    final String file = file(origin);
    return origin.lineNumber() < 0 ? file : file + ":" + origin.lineNumber();
  }

  /** Whether nobody but the defaults that come with the program has set it. */
  static boolean isBuiltIn(ConfigValue value) {
    return RESOURCE.matcher(withoutLine(value.origin())).matches()
        && (!(value instanceof ConfigObject object)
            || object.values().stream().allMatch(Origins::isBuiltIn));
  }

  private static String file(ConfigOrigin origin) {
    final String description = withoutLine(origin);
    final Matcher resource = RESOURCE.matcher(description);
    if (resource.matches()) {
      return resource.group(1);
    }
    return origin.filename() == null ? description : origin.filename();
  }

  private static String withoutLine(ConfigOrigin origin) {
    return origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
  }

  /** An object merged from several sources has no line; what the user wrote in it has. */
  private static Optional<ConfigValue> ownLeaf(ConfigObject object) {
    return object.values().stream()
        .filter(value -> !isBuiltIn(value))
        .flatMap(
            value ->
                value instanceof ConfigObject nested ? ownLeaf(nested).stream() : Stream.of(value))
        .min(Comparator.comparingInt(value -> value.origin().lineNumber()));
  }
}
