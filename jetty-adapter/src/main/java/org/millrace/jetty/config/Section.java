package org.millrace.jetty.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * An object of the configuration, read key by key. What cannot be read is noted as a problem, and
 * the default stands in for it so that reading goes on; {@link #close} notes the keys that nobody
 * asked for.
 */
final class Section {
  private static final ConfigObject EMPTY = ConfigValueFactory.fromMap(Map.of());

  private final String key;
  private final ConfigObject values;
  private final ConfigObject defaults;
  private final Heritage heritage;
  private final Problems problems;
  private final Suggestions suggestions;
  private final Set<String> read = new HashSet<>();
  private final Set<String> wrong = new HashSet<>();

  /** All of the configuration. */
  Section(
      String key,
      ConfigObject values,
      ConfigObject defaults,
      Problems problems,
      Suggestions suggestions) {
    this(key, values, defaults, new Heritage("", EMPTY), problems, suggestions);
  }

  private Section(
      String key,
      ConfigObject values,
      ConfigObject defaults,
      Heritage heritage,
      Problems problems,
      Suggestions suggestions) {
    this.key = key;
    this.values = values;
    this.defaults = defaults;
    this.heritage = heritage;
    this.problems = problems;
    this.suggestions = suggestions;
  }

  /**
   * A section whose values stand in for those that another does not have.
   *
   * @param key of that section in full.
   */
  record Heritage(String key, ConfigObject values) {
    boolean isOf(String name, ConfigValue value) {
      final ConfigValue inherited = values.get(name);
      return inherited != null
          && inherited.equals(value)
          && Origins.location(inherited).equals(Origins.location(value));
    }

    Heritage of(String name) {
      return new Heritage(key + "." + name, object(values.get(name)));
    }
  }

  /** A kind of value. */
  @FunctionalInterface
  interface Kind<T> {
    T read(ConfigValue value) throws WrongValueException;
  }

  /** Full name of a key here. */
  String key(String name) {
    return key + "." + ConfigUtil.joinPath(name);
  }

  /** Full name of this section. */
  String key() {
    return key;
  }

  ConfigObject values() {
    return values;
  }

  int integer(String name, int least, int most) {
    return get(name, Kinds.integer(least, most));
  }

  /** Empty for {@code auto}. */
  Optional<Integer> integerOrAuto(String name, int least, int most) {
    return get(name, Kinds.orAuto(Kinds.integer(least, most)));
  }

  double fraction(String name, double most) {
    return get(name, Kinds.fraction(most));
  }

  Duration duration(String name, Duration least, Duration most) {
    return get(name, Kinds.duration(least, most));
  }

  long size(String name, long least, long most) {
    return get(name, Kinds.size(least, most));
  }

  int intSize(String name, int least, int most) {
    return (int) size(name, least, most);
  }

  boolean bool(String name) {
    return get(name, Kinds::bool);
  }

  String string(String name) {
    return get(name, Kinds::string);
  }

  Optional<String> optionalString(String name) {
    return get(name, Kinds.orNull(Kinds::string));
  }

  Optional<Path> optionalFile(String name) {
    return get(name, Kinds.orNull(Kinds::file));
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) {
    return get(name, Kinds.choice(type));
  }

  List<String> strings(String name) {
    return list(name, Kinds::string);
  }

  /** Elements that cannot be read are left out. */
  <T> List<T> list(String name, Kind<T> kind) {
    final List<T> elements = new ArrayList<>();
    for (final ConfigValue element : get(name, Kinds::list)) {
      try {
        elements.add(kind.read(element));
      } catch (WrongValueException e) {
        fail(name, element, e.getMessage());
      }
    }
    return elements;
  }

  /** A value of any kind; the default if it is wrong or missing. */
  <T> T get(String name, Kind<T> kind) {
    read.add(name);
    final ConfigValue value = values.get(name);
    try {
      if (value == null) {
        throw new WrongValueException("must be set");
      }
      return kind.read(value);
    } catch (WrongValueException e) {
      fail(name, value, e.getMessage());
      return ofDefaults(name, kind);
    }
  }

  private <T> T ofDefaults(String name, Kind<T> kind) {
    try {
      return kind.read(defaults.get(name));
    } catch (WrongValueException e) {
      throw new IllegalStateException("reference.conf: " + key(name), e);
    }
  }

  /** A value that has no default; {@code fallback} only keeps reading going. */
  <T> T required(String name, Kind<T> kind, T fallback) {
    read.add(name);
    final ConfigValue value = values.get(name);
    try {
      if (value == null || value.valueType() == ConfigValueType.NULL) {
        throw new WrongValueException("must be set");
      }
      return kind.read(value);
    } catch (WrongValueException e) {
      fail(name, value, e.getMessage());
      return fallback;
    }
  }

  /** An object in this one. */
  Section section(String name) {
    return section(name, object(defaults.get(name)), heritage.of(name));
  }

  /**
   * An object in this one.
   *
   * @param itsDefaults what stands in for values that cannot be read.
   * @param itsHeritage what it has values from that it does not set itself.
   */
  Section section(String name, ConfigObject itsDefaults, Heritage itsHeritage) {
    read.add(name);
    final ConfigValue value = values.get(name);
    if (!(value instanceof ConfigObject)) {
      fail(name, value, "must be an object: { … }");
    }
    return new Section(
        key(name),
        value instanceof ConfigObject object ? object : itsDefaults,
        itsDefaults,
        itsHeritage,
        problems,
        suggestions);
  }

  /** The objects of a list in this one, each with the same defaults. */
  List<Section> sections(String name, ConfigObject itsDefaults) {
    return sections(name, itsDefaults, new Heritage("", itsDefaults), element -> element);
  }

  /**
   * The same, where a text stands for an object with one key.
   *
   * @param itsHeritage what each has values from that it does not set itself.
   */
  List<Section> sectionsOrTexts(
      String name, String itsKey, ConfigObject itsDefaults, Heritage itsHeritage) {
    return sections(
        name,
        itsDefaults,
        itsHeritage,
        element ->
            element.valueType() == ConfigValueType.STRING
                ? element.atKey(itsKey).root().withOrigin(element.origin())
                : element);
  }

  private List<Section> sections(
      String name,
      ConfigObject itsDefaults,
      Heritage itsHeritage,
      UnaryOperator<ConfigValue> element) {
    final List<Section> sections = new ArrayList<>();
    final ConfigList list = get(name, Kinds::list);
    for (int i = 0; i < list.size(); i++) {
      final String itsKey = key(name) + "[" + i + "]";
      if (element.apply(list.get(i)) instanceof ConfigObject object) {
        sections.add(
            new Section(
                itsKey,
                object.withFallback(itsHeritage.values()).withOrigin(object.origin()),
                itsDefaults,
                itsHeritage,
                problems,
                suggestions));
      } else {
        problems.add(itsKey, list.get(i), "must be an object: { … }");
      }
    }
    return sections;
  }

  /** Names and texts of an object whose keys are free, such as users and passwords. */
  Map<String, String> texts(String name) {
    final Section section = section(name, EMPTY, heritage.of(name));
    final Map<String, String> texts = new LinkedHashMap<>();
    for (final String user : section.values.keySet()) {
      if (section.values.get(user).valueType() != ConfigValueType.NULL) {
        texts.put(user, section.required(user, Kinds::string, ""));
      }
    }
    return texts;
  }

  /** Notes a problem with a key of this section; with a default, at what the user wrote here. */
  void fail(String name, String message) {
    final ConfigValue value = values.get(name);
    if (value != null && Origins.isBuiltIn(value)) {
      wrong.add(name);
      problems.add(
          Origins.location(Origins.isBuiltIn(values) ? value : values), key(name), "", message);
    } else {
      fail(name, value, message);
    }
  }

  /** Notes a problem with a key further down. */
  void failAt(String path, String message) {
    final List<String> names = ConfigUtil.splitPath(path);
    ConfigObject object = values;
    for (final String name : names.subList(0, names.size() - 1)) {
      object = object(object.get(name));
    }
    problems.add(key + "." + path, object.get(names.get(names.size() - 1)), message);
  }

  /** Notes a problem with a key of this section unless {@code valid}, or noted before. */
  void require(boolean valid, String name, String message) {
    if (!valid && !wrong.contains(name)) {
      fail(name, message);
    }
  }

  /**
   * Notes that two keys of this section contradict each other unless {@code valid}, at the one that
   * is not a default: that is the one to be changed.
   */
  void requireBoth(boolean valid, String first, String second, String message) {
    if (!valid && !wrong.contains(first) && !wrong.contains(second)) {
      fail(Origins.isBuiltIn(values.get(first)) ? second : first, message);
    }
  }

  /** Whether any key read so far was wrong. */
  boolean hasFailed() {
    return !wrong.isEmpty();
  }

  private void fail(String name, ConfigValue value, String message) {
    wrong.add(name);
    if (value == null) {
      problems.add(Origins.location(values), key(name), "", message);
    } else {
      problems.add(originalKey(name), value, message);
    }
  }

  /** Where the value is really set. */
  private String originalKey(String name) {
    return heritage.isOf(name, values.get(name))
        ? heritage.key() + "." + ConfigUtil.joinPath(name)
        : key(name);
  }

  /** Notes the keys that were never asked for. */
  void close() {
    values.forEach(
        (name, value) -> {
          if (!read.contains(name)) {
            problems.add(originalKey(name), value, suggestions.forKey(name, read));
          }
        });
  }

  private static ConfigObject object(ConfigValue value) {
    return value instanceof ConfigObject object ? object : EMPTY;
  }
}
