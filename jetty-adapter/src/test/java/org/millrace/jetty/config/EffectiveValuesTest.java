package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a key is set to arrives at the setting of that name, and nowhere else. */
class EffectiveValuesTest {
  /** What there can be no more of. */
  private static final Map<String, String> LARGEST_BY_DEFAULT =
      Map.of("max-headers", "255", "max-header-size", "32 KiB");

  private static final Pattern NUMBER = Pattern.compile("(\\d+)( .*)?");

  private static Object target(String section, EdgeConfig config) {
    return switch (section) {
      case "handshake" -> config.handshake();
      case "limits" -> config.limits();
      case "sip" -> config.sip();
      case "drain" -> config.drain();
      case "core" -> config.core();
      case "edge" -> config.edge();
      case "edge.transactions" -> config.edge().transactions();
      case "edge.transaction-mode" -> config.edge().transactionMode();
      case "dns" -> config.dns();
      case "engine" -> config.engine().get().conclude();
      case "connection" ->
          config.listeners().get(0).paths().get(0).connection().apply(EdgeSubProtocol.SIP);
      default -> throw new IllegalArgumentException(section);
    };
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
            "handshake",
            "limits",
            "sip",
            "drain",
            "core",
            "edge",
            "edge.transactions",
            "edge.transaction-mode",
            "dns",
            "engine",
            "connection")
        .flatMap(
            section ->
                ConfigFactory.parseResources("reference.conf")
                    .getObject("millrace." + section)
                    .entrySet()
                    .stream()
                    .filter(entry -> isNumber(entry.getValue()))
                    .map(
                        entry ->
                            Arguments.of(
                                section,
                                entry.getKey(),
                                another(entry.getKey(), text(entry.getValue())))));
  }

  private static boolean isNumber(ConfigValue value) {
    return value.valueType() != ConfigValueType.BOOLEAN && NUMBER.matcher(text(value)).matches();
  }

  private static String text(ConfigValue value) {
    return String.valueOf(value.unwrapped());
  }

  private static String another(String key, String text) {
    return LARGEST_BY_DEFAULT.getOrDefault(key, more(text));
  }

  /** One more; with a unit twice as much, which leaves powers of two what they are. */
  private static String more(String text) {
    final Matcher number = NUMBER.matcher(text);
    assertThat(number.matches()).isTrue();
    final long value = Long.parseLong(number.group(1));
    return number.group(2) == null
        ? Long.toString(value + 1)
        : 2 * Math.max(1, value) + number.group(2);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void shouldSetWhatItNames(String section, String key, String value) throws Exception {
    final Map<String, Object> before = values(target(section, load(Map.of())));
    final Map<String, Object> after =
        values(target(section, load(Map.of(section + "." + key, value))));
    final TreeSet<String> changed = new TreeSet<>();
    after.forEach(
        (name, now) -> {
          if (!now.equals(before.get(name))) {
            changed.add(name);
          }
        });
    assertThat(changed).containsExactly(camel(key));
  }

  private static EdgeConfig load(Map<String, String> overrides) throws ConfigErrors {
    return ConfigLoader.load(Optional.empty(), overrides);
  }

  private static String camel(String key) {
    final Matcher parts = Pattern.compile("-(.)").matcher(key);
    return parts.replaceAll(part -> part.group(1).toUpperCase(Locale.ROOT));
  }

  /** Settings of simple types, by their getters. */
  private static Map<String, Object> values(Object target) throws ReflectiveOperationException {
    final Map<String, Object> values = new TreeMap<>();
    for (final Method method : target.getClass().getMethods()) {
      if (method.getParameterCount() == 0
          && method.getDeclaringClass() == target.getClass()
          && !method.getName().matches("hashCode|toString|seed|longestBatch")
          && isSimple(method.getReturnType())) {
        values.put(method.getName(), method.invoke(target));
      }
    }
    return values;
  }

  private static boolean isSimple(Class<?> type) {
    return Arrays.asList(int.class, long.class, double.class, java.time.Duration.class)
        .contains(type);
  }
}
