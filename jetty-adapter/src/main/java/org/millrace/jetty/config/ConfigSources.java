package org.millrace.jetty.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Lays the sources over each other: options over the file over the profile over reference.conf, and
 * then the defaults of listeners, paths and TLS under each of the named sections.
 */
final class ConfigSources {
  static final String ROOT = "millrace";

  /** Free room at the top of a file, for substitutions. */
  private static final String VARIABLES = "variables";

  private static final Config REFERENCE = resource(Origins.REFERENCE);

  private static final String HERE = "org/millrace/jetty/config/";

  /** Sections with names of the user's choice, and where the defaults of one are. */
  private static final Map<String, String> NAMED =
      Map.of(
          "listeners", "listener",
          "tls", "tls",
          "paths", "path",
          "core-sockets", "core-socket",
          "upstreams", "upstream");

  /** Kinds of sections that have rules for connections of their own, and whose those are else. */
  private static final Map<String, String> CONNECTIONS =
      Map.of(
          "path", "connection",
          "core-socket", "core-connection",
          "upstream", "core-connection");

  private ConfigSources() {}

  /** What comes with the program; a section's own rules for connections are those of all. */
  static ConfigObject reference() {
    final ConfigObject root = expand(objectAt(REFERENCE.resolve().root(), ROOT));
    Config reference = root.toConfig();
    for (final Map.Entry<String, String> kind : CONNECTIONS.entrySet()) {
      reference =
          reference.withValue(
              "defaults." + kind.getKey() + ".connection", objectAt(root, kind.getValue()));
    }
    return reference.root();
  }

  /** Everything laid over each other, with the defaults in every section. */
  static ConfigObject effective(
      Optional<Path> file, Map<String, String> overrides, Problems problems) throws ConfigErrors {
    try {
      final Config own = overrides(overrides, problems).withFallback(parse(file, problems));
      checkTop(own, problems);
      final Config all = own.withFallback(REFERENCE).resolve();
      return expand(
          objectAt(own.withFallback(profile(all)).withFallback(REFERENCE).resolve().root(), ROOT));
    } catch (ConfigException e) {
      problems.add(e.origin() == null ? "" : Origins.location(e.origin()), "", "", message(e));
      problems.throwIfAny();
      throw e;
    }
  }

  static ConfigObject certificateDefaults(ConfigObject reference) {
    return objectAt(reference, "defaults.certificate");
  }

  /** An object within another; an empty one if there is something else or nothing. */
  static ConfigObject objectAt(ConfigObject object, String path) {
    ConfigObject found = object;
    for (final String name : ConfigUtil.splitPath(path)) {
      found =
          found.get(name) instanceof ConfigObject next
              ? next
              : ConfigValueFactory.fromMap(Map.of());
    }
    return found;
  }

  private static Config resource(String name) {
    return ConfigFactory.parseResources(
        ConfigSources.class.getClassLoader(),
        name,
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static Config parse(Optional<Path> file, Problems problems) throws ConfigErrors {
    if (file.isEmpty()) {
      return ConfigFactory.empty();
    }
    final Path path = file.get();
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      problems.add(
          path.toString(), "", "", Files.exists(path) ? "cannot be read" : "there is no such file");
      problems.throwIfAny();
    }
    return ConfigFactory.parseFile(
        path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static Config overrides(Map<String, String> overrides, Problems problems) {
    Config config = ConfigFactory.empty();
    for (final Map.Entry<String, String> override : overrides.entrySet()) {
      final String key = withRoot(override.getKey());
      final String origin = "-D " + override.getKey();
      try {
        config =
            ConfigFactory.empty()
                .withValue(key, value(override.getValue(), origin))
                .withFallback(config);
      } catch (ConfigException e) {
        problems.add(origin, "", override.getValue(), message(e));
      }
    }
    return config;
  }

  private static String withRoot(String key) {
    return key.equals(ROOT) || key.startsWith(ROOT + ".") ? key : ROOT + "." + key;
  }

  /** Lists, objects and quoted strings are read as such; everything else is text, as it stands. */
  private static ConfigValue value(String text, String origin) {
    if (text.equals("null")) {
      return ConfigValueFactory.fromAnyRef(null, origin);
    }
    if (text.matches("(?s)\\s*(\\[[^:].*|\\[]|\\{.*|\".*)")) {
      return ConfigFactory.parseString(
              "it = " + text, ConfigParseOptions.defaults().setOriginDescription(origin))
          .getValue("it")
          .withOrigin(ConfigOriginFactory.newSimple(origin));
    }
    return ConfigValueFactory.fromAnyRef(text, origin);
  }

  /** A file is about one thing; a key beside it is one that was meant to be inside. */
  private static void checkTop(Config own, Problems problems) {
    own.root()
        .forEach(
            (name, value) -> {
              if (!name.equals(ROOT) && !name.equals(VARIABLES)) {
                problems.add(
                    name,
                    value,
                    Suggestions.nearest(name, List.of(ROOT)).isPresent()
                        ? "there is no such key; did you mean millrace?"
                        : "must be inside millrace { … } (or variables { … } for substitutions)");
              }
            });
  }

  private static Config profile(Config all) {
    final ConfigValue value = objectAt(all.root(), ROOT).get("profile");
    if (value == null || value.valueType() != ConfigValueType.STRING) {
      return ConfigFactory.empty();
    }
    final String name = value.unwrapped().toString().strip().toLowerCase(Locale.ROOT);
    return List.of("kamailio", "opensips").contains(name)
        ? resource(HERE + "profile-" + name + ".conf")
        : ConfigFactory.empty();
  }

  /** Gives every named section the defaults of its kind, and the rules of its connections. */
  private static ConfigObject expand(ConfigObject root) {
    ConfigObject expanded = root;
    for (final Map.Entry<String, String> kind : NAMED.entrySet()) {
      if (root.get(kind.getKey()) instanceof ConfigObject sections) {
        expanded =
            expanded.withValue(
                kind.getKey(),
                expand(
                    sections,
                    objectAt(root, "defaults." + kind.getValue()),
                    connections(root, kind.getValue())));
      }
    }
    return expanded;
  }

  private static ConfigObject connections(ConfigObject root, String kind) {
    return CONNECTIONS.containsKey(kind)
        ? objectAt(root, CONNECTIONS.get(kind))
        : ConfigValueFactory.fromMap(Map.of());
  }

  private static ConfigObject expand(
      ConfigObject sections, ConfigObject defaults, ConfigObject connection) {
    final Map<String, ConfigValue> expanded = new LinkedHashMap<>();
    sections.forEach(
        (name, section) -> expanded.put(name, expandOne(section, defaults, connection)));
    return ConfigValueFactory.fromMap(expanded).withOrigin(sections.origin());
  }

  private static ConfigValue expandOne(
      ConfigValue section, ConfigObject defaults, ConfigObject connection) {
    if (!(section instanceof ConfigObject object)) {
      return section;
    }
    final ConfigObject whole = object.withFallback(defaults).withOrigin(object.origin());
    return whole.get("connection") instanceof ConfigObject own
        ? whole.withValue("connection", own.withFallback(connection).withOrigin(own.origin()))
        : whole;
  }

  /** What is wrong, without the place, which is said before it. */
  private static String message(ConfigException e) {
    final String message = e.getMessage();
    final String place = e.origin() == null ? "" : e.origin().description() + ": ";
    return message.startsWith(place) ? message.substring(place.length()) : message;
  }
}
