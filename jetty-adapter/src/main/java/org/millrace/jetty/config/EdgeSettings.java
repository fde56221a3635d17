package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.millrace.engine.sip.EdgePolicy;

/** Reads all of the configuration. */
final class EdgeSettings {
  private static final int LEAST_ADMIN_TOKEN = 16;
  private static final List<String> KINDS =
      List.of(
          "listener", "tls", "certificate", "path", "filter", "core-socket", "upstream", "target");

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
    final TlsSettings tlsSettings =
        new TlsSettings(state, ConfigSources.certificateDefaults(reference), keyFileCheck);
    final Map<String, TlsConfig> tls = tls(tlsSettings);
    final List<CoreSocketConfig> sockets = new CoreSocketSettings(tls).read(coreSockets());
    final Map<String, UpstreamConfig> upstreams = upstreams(sockets, tlsSettings);
    final List<ListenerConfig> listeners = listeners(tls, upstreams, !proxies.isEmpty());
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
            sockets,
            List.copyOf(upstreams.values()),
            EdgeProxySettings.read(root.section("edge"), state),
            DnsSettings.read(root.section("dns")),
            admin,
            LimitsSettings.drain(root.section("drain")),
            engine::newContext);
    root.close();
    checkUse(config);
    Ports.check(root, config);
    return config;
  }

  /** What is wrong in a default is told here once and not for each that inherits it. */
  private void readDefaults() {
    ConnectionSettings.read(root.section("connection"));
    CoreConnectionSettings.read(root.section("core-connection"));
    final Section defaults = root.section("defaults");
    KINDS.forEach(defaults::section);
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

  private Map<String, TlsConfig> tls(TlsSettings settings) {
    return named(
        "tls",
        "tls",
        section -> {
          final TlsConfig config = settings.read(section);
          settings.checkWhole(section, config);
          return config;
        });
  }

  private Map<String, Section> coreSockets() {
    return named("core-sockets", "core-socket", Function.identity());
  }

  private Map<String, UpstreamConfig> upstreams(
      List<CoreSocketConfig> sockets, TlsSettings tlsSettings) {
    final UpstreamSettings settings =
        new UpstreamSettings(
            sockets,
            ConfigSources.objectAt(reference, "defaults.target"),
            heritage("target"),
            tlsSettings);
    final Map<String, UpstreamConfig> upstreams = new LinkedHashMap<>();
    named("upstreams", "upstream", Function.identity())
        .forEach((name, section) -> upstreams.put(name, settings.read(name, section)));
    return upstreams;
  }

  /** What nobody uses was meant to be used by somebody. */
  private void checkUse(EdgeConfig config) {
    final Set<String> used = new HashSet<>();
    for (final ListenerConfig listener : config.listeners()) {
      for (final PathConfig path : listener.paths()) {
        path.upstream().map(EdgePolicy::group).ifPresent(used::add);
      }
    }
    for (final UpstreamConfig upstream : config.upstreams()) {
      if (!used.contains(upstream.name())) {
        notInUse("upstreams", upstream.name(), "set upstream = " + upstream.name() + " in a path");
      }
    }
    for (final CoreSocketConfig socket : config.coreSockets()) {
      if (config.upstreams().isEmpty()) {
        notInUse("core-sockets", socket.name(), "there is nothing under upstreams");
      }
    }
  }

  private void notInUse(String plural, String name, String hint) {
    final ConfigObject sections = (ConfigObject) root.values().get(plural);
    problems.add(
        root.key(plural) + "." + ConfigUtil.joinPath(name),
        sections.get(name),
        "is not in use: " + hint);
  }

  private List<ListenerConfig> listeners(
      Map<String, TlsConfig> tls, Map<String, UpstreamConfig> upstreams, boolean proxiesTrusted) {
    final RoutingSettings routing = new RoutingSettings(upstreams);
    final Map<String, PathConfig> paths =
        named("paths", "path", section -> PathSettings.read(section, routing));
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
    final Section.Heritage heritage = heritage(kind);
    final Section all = root.section(plural);
    final Map<String, T> read = new LinkedHashMap<>();
    for (final String name : all.values().keySet().stream().sorted().toList()) {
      read.put(name, reader.apply(all.section(name, itsDefaults, heritage)));
    }
    return read;
  }

  private Section.Heritage heritage(String kind) {
    return new Section.Heritage(
        ConfigSources.ROOT + ".defaults." + kind,
        ConfigSources.objectAt(root.values(), "defaults." + kind));
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

  static Network network(ConfigValue value) throws WrongValueException {
    final String text = Kinds.string(value);
    try {
      return Network.parse(text);
    } catch (IllegalArgumentException e) {
      throw new WrongValueException(e.getMessage());
    }
  }
}
