package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads all of the configuration. */
final class EdgeSettings {
  private static final int LEAST_ADMIN_TOKEN = 16;

  private final Section root;
  private final ConfigObject reference;
  private final Problems problems;
  private final KeyFileCheck keyFileCheck;

  EdgeSettings(
      ConfigObject effective,
      ConfigObject reference,
      Problems problems,
      KeyFileCheck keyFileCheck) {
    this.root =
        new Section(ConfigSources.ROOT, effective, reference, problems, new Suggestions(reference));
    this.reference = reference;
    this.problems = problems;
    this.keyFileCheck = keyFileCheck;
  }

  EdgeConfig read() {
    final Profile profile = root.choice("profile", Profile.class);
    final Path state =
        root.optionalFile("state-directory")
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".millrace"));
    readDefaults();
    final LimitsConfig limits = LimitsSettings.limits(root.section("limits"));
    final List<Network> proxies = root.list("trusted-proxies", EdgeSettings::network);
    final List<ListenerConfig> listeners = listeners(state, !proxies.isEmpty());
    final AdminConfig admin = admin(root.section("admin"));
    final EngineSettings engine = EngineSettings.read(root.section("engine"), limits.connections());
    final EdgeConfig config =
        new EdgeConfig(
            profile,
            listeners,
            LimitsSettings.handshake(root.section("handshake")),
            limits,
            proxies,
            filters(),
            LimitsSettings.sip(root.section("sip")),
            CoreSettings.read(root.section("core")),
            admin,
            LimitsSettings.drain(root.section("drain")),
            engine::newContext);
    root.close();
    Ports.check(root, config);
    return config;
  }

  /** What is wrong in a default is told here once and not for each that inherits it. */
  private void readDefaults() {
    ConnectionSettings.read(root.section("connection"));
    final Section defaults = root.section("defaults");
    for (final String kind : List.of("listener", "tls", "certificate", "path", "filter")) {
      defaults.section(kind);
    }
    defaults.close();
  }

  private List<FilterConfig> filters() {
    final ConfigObject itsDefaults = ConfigSources.objectAt(reference, "defaults.filter");
    return root.sections("filters", itsDefaults).stream().map(EdgeSettings::filter).toList();
  }

  private static FilterConfig filter(Section section) {
    final FilterConfig filter =
        new FilterConfig(
            section.required("class", Kinds::string, ""),
            section.strings("url-patterns"),
            section.texts("init"));
    section.close();
    return filter;
  }

  private List<ListenerConfig> listeners(Path state, boolean proxiesTrusted) {
    final TlsSettings tlsSettings =
        new TlsSettings(state, ConfigSources.certificateDefaults(reference), keyFileCheck);
    final Map<String, TlsConfig> tls =
        named(
            "tls",
            "tls",
            section -> {
              final TlsConfig config = tlsSettings.read(section);
              tlsSettings.checkWhole(section, config);
              return config;
            });
    final Map<String, PathConfig> paths = named("paths", "path", PathSettings::read);
    final ListenerSettings settings = new ListenerSettings(tls, paths, proxiesTrusted);
    final Map<String, Section> sections = named("listeners", "listener", Function.identity());
    final List<ListenerConfig> listeners = new ArrayList<>();
    final List<String> listen = root.strings("listen");
    root.require(!listen.isEmpty(), "listen", "must name at least one section under listeners");
    for (final String name : new LinkedHashSet<>(listen)) {
      if (sections.containsKey(name)) {
        listeners.add(settings.read(name, sections.get(name)));
      } else {
        root.fail("listen", "there is no section millrace.listeners." + name);
      }
    }
    sections.forEach((name, section) -> checkListed(listen, name, section));
    return List.copyOf(listeners);
  }

  private void checkListed(List<String> listen, String name, Section section) {
    final ConfigValue value = section.values();
    if (!listen.contains(name) && !Origins.isBuiltIn(value)) {
      problems.add(
          section.key(),
          value,
          "is not in use: put it into millrace.listen, such as listen = [" + name + "]");
    }
  }

  /** Reads every section of a kind; the names are the user's. */
  private <T> Map<String, T> named(String plural, String kind, Function<Section, T> reader) {
    final ConfigObject itsDefaults =
        (ConfigObject) ((ConfigObject) reference.get("defaults")).get(kind);
    final Section.Heritage heritage =
        new Section.Heritage(
            ConfigSources.ROOT + ".defaults." + kind,
            ConfigSources.objectAt(root.values(), "defaults." + kind));
    final Section all = root.section(plural);
    final Map<String, T> read = new LinkedHashMap<>();
    for (final String name : all.values().keySet().stream().sorted().toList()) {
      read.put(name, reader.apply(all.section(name, itsDefaults, heritage)));
    }
    return read;
  }

  private static AdminConfig admin(Section section) {
    final AdminConfig admin =
        new AdminConfig(
            section.bool("enabled"),
            section.get("host", value -> Hosts.host(Kinds.string(value))),
            section.get("port", Hosts.port()),
            section.optionalString("token"));
    section.close();
    section.require(
        !admin.enabled() || Hosts.isLoopback(admin.host()) || admin.token().isPresent(),
        "host",
        "is open to others: set admin.token, or stay on 127.0.0.1");
    section.require(
        admin.token().map(String::length).orElse(LEAST_ADMIN_TOKEN) >= LEAST_ADMIN_TOKEN,
        "token",
        "must have " + LEAST_ADMIN_TOKEN + " characters or more (openssl rand -hex 24 makes one)");
    return admin;
  }

  private static Network network(ConfigValue value) throws WrongValueException {
    final String text = Kinds.string(value);
    try {
      return Network.parse(text);
    } catch (IllegalArgumentException e) {
      throw new WrongValueException(e.getMessage());
    }
  }
}
