package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SizeRule;
import org.millrace.engine.sip.SizeRule.Oversize;
import org.millrace.jetty.config.UpstreamConfig.Header;
import org.millrace.jetty.config.UpstreamConfig.TargetConfig;
import org.millrace.jetty.config.UpstreamConfig.WsClientConfig;

/** Reads the named sections under {@code upstreams}. */
final class UpstreamSettings {
  private static final int MOST_CONNECTIONS = 64;
  private static final int MOST_QUEUED = 1 << 20;
  private static final int LARGEST_QUEUE = 1 << 29;
  private static final int LARGEST_DATAGRAM = 65_507;
  private static final int LARGEST_PRIORITY = 65_535;
  private static final int MOST_PROBES = 100;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final List<String> OURS =
      List.of("host", "upgrade", "connection", "origin", "content-length", "transfer-encoding");

  private final Map<String, CoreSocketConfig> sockets;
  private final ConfigObject targetDefaults;
  private final Section.Heritage targetHeritage;
  private final TlsSettings tls;

  UpstreamSettings(
      List<CoreSocketConfig> sockets,
      ConfigObject targetDefaults,
      Section.Heritage targetHeritage,
      TlsSettings tls) {
    this.sockets =
        sockets.stream().collect(Collectors.toMap(CoreSocketConfig::name, socket -> socket));
    this.targetDefaults = targetDefaults;
    this.targetHeritage = targetHeritage;
    this.tls = tls;
  }

  UpstreamConfig read(String name, Section section) {
    final UpstreamConfig upstream =
        new UpstreamConfig(
            name,
            targets(section),
            section.integer("max-connections", 1, MOST_CONNECTIONS),
            section.duration("connect-timeout", Limits.TICK, Duration.ofMinutes(2)),
            section.integer("queue-messages", 0, MOST_QUEUED),
            section.intSize("queue-size", 0, LARGEST_QUEUE),
            section.duration("reconnect-max", SECOND, Duration.ofDays(1)),
            CoreConnectionSettings.read(section.section("connection")),
            ws(section.section("ws")),
            tls.readClient(section.section("tls")),
            section.list("trusted", EdgeSettings::network),
            new SizeRule(
                section.intSize("udp-max-size", 0, LARGEST_DATAGRAM),
                section.choice("udp-oversize", Oversize.class)),
            health(section.section("health")));
    section.close();
    check(section, upstream);
    return upstream;
  }

  private void check(Section section, UpstreamConfig upstream) {
    final boolean udp =
        upstream.targets().stream().anyMatch(t -> t.sockets().containsKey(CoreTransport.UDP));
    section.require(
        !udp
            || upstream.sizeRule().oversize() != Oversize.TCP
            || Origins.isBuiltIn(section.values().get("udp-oversize"))
            || sockets.values().stream().anyMatch(s -> s.transport() == CoreTransport.TCP),
        "udp-oversize",
        "needs a section under core-sockets with transport = tcp; else choose reject or fragment");
  }

  // ---- targets ----

  private List<TargetConfig> targets(Section section) {
    final List<TargetConfig> targets = new ArrayList<>();
    final List<Section> elements =
        section.sectionsOrTexts("targets", "uri", targetDefaults, targetHeritage);
    for (final Section element : elements) {
      target(element).ifPresent(targets::add);
    }
    section.require(
        !elements.isEmpty(),
        "targets",
        "must name at least one, such as targets = [\"sip:10.0.0.9:5060;transport=tcp\"]");
    return List.copyOf(targets);
  }

  private Optional<TargetConfig> target(Section section) {
    final TargetUri fallback =
        new TargetUri("127.0.0.1", OptionalInt.empty(), false, Optional.of(CoreTransport.UDP));
    final TargetUri uri =
        section.required("uri", value -> TargetUri.parse(Kinds.string(value)), fallback);
    final List<String> named = section.get("socket", Kinds.orNull(Kinds::string)).stream().toList();
    final int priority = section.integer("priority", 0, LARGEST_PRIORITY);
    final int weight = section.integer("weight", 0, TargetConfig.LARGEST_WEIGHT);
    section.close();
    if (section.hasFailed()) {
      return Optional.empty();
    }
    final Map<CoreTransport, String> by = sockets(section, uri, named);
    return section.hasFailed()
        ? Optional.empty()
        : Optional.of(
            new TargetConfig(
                uri.host(), uri.port(), uri.secure(), uri.transport(), by, priority, weight));
  }

  /** By which socket requests leave over each transport that the target may have. */
  private Map<CoreTransport, String> sockets(Section section, TargetUri uri, List<String> named) {
    return named.isEmpty() ? onlySockets(section, uri) : namedSocket(section, uri, named.get(0));
  }

  private Map<CoreTransport, String> namedSocket(Section section, TargetUri uri, String name) {
    final CoreSocketConfig socket = sockets.get(name);
    if (socket == null) {
      section.fail("socket", ListenerSettings.unknown("core-sockets", name, sockets));
      return Map.of();
    }
    final CoreTransport transport = socket.transport();
    if (!isPossible(uri, transport)) {
      section.fail(
          "socket",
          "has transport = " + Kinds.kebab(transport) + ", which is not that of " + text(uri));
      return Map.of();
    }
    return Map.of(transport, name);
  }

  private Map<CoreTransport, String> onlySockets(Section section, TargetUri uri) {
    final Map<CoreTransport, List<String>> possible =
        sockets.values().stream()
            .filter(socket -> isPossible(uri, socket.transport()))
            .collect(
                Collectors.groupingBy(
                    CoreSocketConfig::transport,
                    Collectors.mapping(CoreSocketConfig::name, Collectors.toList())));
    if (possible.isEmpty()) {
      final String wanted =
          uri.transport().map(Kinds::kebab).orElse(uri.secure() ? "tls" : "udp, tcp or tls");
      section.fail("uri", "needs a section under core-sockets with transport = " + wanted);
    }
    possible.forEach(
        (transport, names) -> {
          if (names.size() > 1) {
            section.fail(
                "uri",
                "may leave by several core sockets: set socket to "
                    + Kinds.oneOf(names.stream().sorted().toList()));
          }
        });
    return possible.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(0)));
  }

  private static boolean isPossible(TargetUri uri, CoreTransport transport) {
    return uri.transport().isPresent()
        ? uri.transport().get() == transport
        : transport.isSecure() || !uri.secure();
  }

  private static String text(TargetUri uri) {
    return uri.transport().map(Kinds::kebab).orElse("sips");
  }

  // ---- WebSocket ----

  private static WsClientConfig ws(Section section) {
    final WsClientConfig ws =
        new WsClientConfig(
            section.string("path"),
            section.optionalString("origin"),
            section.string("sub-protocol"),
            section.texts("headers").entrySet().stream()
                .map(entry -> new Header(entry.getKey(), entry.getValue()))
                .toList(),
            section.bool("accept-sub-protocol-list"),
            section.bool("lenient-length"),
            section.bool("tolerate-invalid-utf8"));
    section.close();
    section.require(
        ws.path().matches("/[\\x21-\\x7e&&[^#]]*"),
        "path",
        "must begin with a slash and have no spaces or #");
    section.require(
        ws.origin().orElse("null").matches("null|[a-z][a-z0-9+.-]*://[!-~&&[^/]]+"),
        "origin",
        "must be an origin such as https://example.com:8443");
    section.require(
        ws.subProtocol().matches(TOKEN), "sub-protocol", "must be a token, such as sip");
    for (final Header header : ws.headers()) {
      checkHeader(section, header);
    }
    return ws;
  }

  private static void checkHeader(Section section, Header header) {
    final String name = header.name().toLowerCase(Locale.ROOT);
    section.require(
        name.matches(TOKEN), "headers", header.name() + " is not the name of a header field");
    section.require(
        !OURS.contains(name) && !name.startsWith("sec-websocket-"),
        "headers",
        header.name() + " is part of the handshake itself");
    section.require(
        header.value().chars().allMatch(c -> c >= ' ' && c < 0x7f),
        "headers",
        header.name() + " must be of printable ASCII");
  }

  // ---- health ----

  private static HealthConfig health(Section section) {
    final HealthConfig health =
        new HealthConfig(
            section.bool("enabled"),
            section.duration("interval", SECOND, Limits.LONGEST),
            section.duration("steady-interval", SECOND, Limits.LONGEST),
            section.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
            section.integer("up-after", 1, MOST_PROBES),
            section.integer("down-after", 1, MOST_PROBES),
            new LinkedHashSet<>(section.list("bad-statuses", Kinds.integer(300, 699))));
    section.close();
    section.requireBoth(
        health.steadyInterval().compareTo(health.interval()) >= 0,
        "steady-interval",
        "interval",
        "steady-interval = "
            + Units.of(health.steadyInterval())
            + " must not be below interval = "
            + Units.of(health.interval()));
    return health;
  }
}
