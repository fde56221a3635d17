package org.millrace.jetty.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of values that there are, and how each is written. */
final class Kinds {
  private Kinds() {}

  static Section.Kind<Integer> integer(int least, int most) {
    return value -> {
      final String text = scalar(value);
      if (!text.matches("[+-]?\\d+")) {
        throw new WrongValueException("must be a whole number, " + least + " to " + most);
      }
      final BigInteger number = new BigInteger(text);
      if (number.compareTo(BigInteger.valueOf(least)) < 0
          || number.compareTo(BigInteger.valueOf(most)) > 0) {
        throw new WrongValueException("must be " + least + " to " + most);
      }
      return number.intValue();
    };
  }

  static Section.Kind<Double> fraction(double most) {
    return value -> {
      try {
        final double number = Double.parseDouble(scalar(value));
        if (number >= 0 && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new WrongValueException("must be a number, 0 to " + most);
    };
  }

  static Section.Kind<Duration> duration(Duration least, Duration most) {
    return value -> {
      final String text = scalar(value);
      if (!text.matches("[\\d.]+\\s*[a-z]+")) {
        throw new WrongValueException(
            text.matches("[\\d.]+")
                ? "needs a unit, such as " + text + " s or " + text + " ms"
                : "must be a duration, such as 30 s; units are ns, us, ms, s, m, h and d");
      }
      final Duration duration;
      try {
        duration = value.atKey("it").getDuration("it");
      } catch (ConfigException e) {
        throw new WrongValueException(
            "must be a duration, such as 30 s; units are ns, us, ms, s, m, h and d");
      }
      if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
        throw new WrongValueException("must be " + Units.of(least) + " to " + Units.of(most));
      }
      return duration;
    };
  }

  static Section.Kind<Long> size(long least, long most) {
    return value -> {
      final String text = scalar(value);
      if (!text.matches("[\\d.]+\\s*[A-Za-z]+")) {
        throw new WrongValueException(
            text.matches("[\\d.]+")
                ? "needs a unit, such as " + text + " KiB or " + text + " B"
                : "must be a size, such as 64 KiB; units are B, KiB, MiB and GiB");
      }
      final BigInteger bytes;
      try {
        bytes = value.atKey("it").getMemorySize("it").toBytesBigInteger();
      } catch (ConfigException e) {
        throw new WrongValueException(
            "must be a size, such as 64 KiB; units are B, KiB, MiB and GiB");
      }
      if (bytes.compareTo(BigInteger.valueOf(least)) < 0
          || bytes.compareTo(BigInteger.valueOf(most)) > 0) {
        throw new WrongValueException("must be " + Units.of(least) + " to " + Units.of(most));
      }
      return bytes.longValue();
    };
  }

  static boolean bool(ConfigValue value) throws WrongValueException {
    return switch (scalar(value).toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new WrongValueException("must be true or false");
    };
  }

  /** Not empty: an unset variable must not pass for a secret or a name. */
  static String string(ConfigValue value) throws WrongValueException {
    if (value.valueType() == ConfigValueType.BOOLEAN) {
      throw new WrongValueException("must be a string");
    }
    final String text = scalar(value);
    if (text.isBlank()) {
      throw new WrongValueException("must not be empty");
    }
    return text;
  }

  /** Relative ones start at the directory of the configuration file that names them. */
  static Path file(ConfigValue value) throws WrongValueException {
    final Path path;
    try {
      path = Path.of(string(value));
    } catch (InvalidPathException e) {
      throw new WrongValueException("must be the name of a file: " + e.getReason());
    }
    final String namedIn = value.origin().filename();
    return path.isAbsolute() || namedIn == null ? path : Path.of(namedIn).resolveSibling(path);
  }

  static ConfigList list(ConfigValue value) throws WrongValueException {
    if (value instanceof ConfigList list) {
      return list;
    }
    throw new WrongValueException("must be a list: [ … ]");
  }

  static <E extends Enum<E>> Section.Kind<E> choice(Class<E> type) {
    return value -> {
      final String text = scalar(value).toLowerCase(Locale.ROOT);
      for (final E constant : type.getEnumConstants()) {
        if (kebab(constant).equals(text)) {
          return constant;
        }
      }
      throw new WrongValueException(
          "must be "
              + oneOf(Arrays.stream(type.getEnumConstants()).map(Kinds::kebab).toList())
              + Suggestions.nearest(
                      text, Arrays.stream(type.getEnumConstants()).map(Kinds::kebab).toList())
                  .map(name -> "; did you mean " + name + "?")
                  .orElse(""));
    };
  }

  static <T> Section.Kind<Optional<T>> orNull(Section.Kind<T> kind) {
    return value ->
        value.valueType() == ConfigValueType.NULL
            ? Optional.empty()
            : Optional.of(kind.read(value));
  }

  static <T> Section.Kind<Optional<T>> orAuto(Section.Kind<T> kind) {
    return value -> {
      if ("auto".equals(value.unwrapped())) {
        return Optional.empty();
      }
      try {
        return Optional.of(kind.read(value));
      } catch (WrongValueException e) {
        throw new WrongValueException(e.getMessage() + ", or auto");
      }
    };
  }

  static String oneOf(List<String> names) {
    final int last = names.size() - 1;
    return names.stream().limit(last).collect(Collectors.joining(", "))
        + (last > 0 ? " or " : "")
        + names.get(last);
  }

  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The text of a value, as it was written. */
  private static String scalar(ConfigValue value) throws WrongValueException {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> value.atKey("it").getString("it").strip();
      case NULL -> throw new WrongValueException("must not be null");
      case LIST -> throw new WrongValueException("must be a single value, not a list");
      case OBJECT -> throw new WrongValueException("must be a single value, not an object");
    };
  }
}
