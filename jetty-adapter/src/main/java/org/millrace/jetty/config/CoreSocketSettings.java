package org.millrace.jetty.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.engine.sip.CoreTransport;

/** Reads the named sections under {@code core-sockets}. */
final class CoreSocketSettings {
  private static final int LARGEST_ID = 65_535;
  private static final int MOST_CONNECTIONS = 65_535;
  private static final int LARGEST_BUFFER = 1 << 30;

  private final Map<String, TlsConfig> tls;

  /** Ids are given in the order of names, so that they do not depend on that of lines. */
  private int nextId;

  private final Set<Integer> ids = new HashSet<>();

  CoreSocketSettings(Map<String, TlsConfig> tls) {
    this.tls = tls;
  }

  /** In the order of their names. */
  List<CoreSocketConfig> read(Map<String, Section> sections) {
    final List<CoreSocketConfig> sockets = new ArrayList<>();
    sections.forEach((name, section) -> readId(section).ifPresent(id -> addId(section, id)));
    sections.forEach((name, section) -> sockets.add(read(name, section)));
    return List.copyOf(sockets);
  }

  private static Optional<Integer> readId(Section section) {
    return section.integerOrAuto("id", 0, LARGEST_ID);
  }

  private void addId(Section section, int id) {
    section.require(ids.add(id), "id", "is that of another core socket");
  }

  private int freeId() {
    while (!ids.add(nextId)) {
      nextId++;
    }
    return nextId;
  }

  private CoreSocketConfig read(String name, Section section) {
    final CoreTransport transport =
        section.required("transport", Kinds.choice(CoreTransport.class), CoreTransport.UDP);
    final Optional<String> advertised =
        section.get("advertised", Kinds.orNull(value -> Hosts.hostAndPort(Kinds.string(value))));
    final Optional<Integer> port = section.get("port", Kinds.orNull(Hosts.port()));
    final CoreSocketConfig socket =
        new CoreSocketConfig(
            name,
            readId(section).orElseGet(this::freeId),
            transport,
            section.required("host", value -> Hosts.address(Kinds.string(value)), "127.0.0.1"),
            port.orElse(transport.isWebSocket() ? 0 : transport.defaultPort()),
            advertised.map(text -> HostPort.parse(text).host()),
            advertised.map(text -> HostPort.parse(text).port()).orElse(OptionalInt.empty()),
            tls(section),
            CoreConnectionSettings.read(section.section("connection")),
            section.integer("max-connections", 1, MOST_CONNECTIONS),
            section.intSize("receive-buffer", 0, LARGEST_BUFFER),
            section.intSize("send-buffer", 0, LARGEST_BUFFER));
    section.close();
    check(section, socket, port.isPresent());
    return socket;
  }

  private Optional<TlsConfig> tls(Section section) {
    return section
        .optionalString("tls")
        .flatMap(
            name -> {
              section.require(
                  tls.containsKey(name), "tls", ListenerSettings.unknown("tls", name, tls));
              return Optional.ofNullable(tls.get(name));
            });
  }

  private static void check(Section section, CoreSocketConfig socket, boolean hasPort) {
    section.require(
        !Hosts.isWildcard(socket.host()) || socket.advertisedHost().isPresent(),
        "advertised",
        "must be set with host = "
            + socket.host()
            + ": Via, Path and Record-Route need an address that the core can reach");
    section.require(
        !socket.transport().isWebSocket() || !hasPort,
        "port",
        "is of no use: nobody connects here by ws and wss, this side does");
    section.require(
        socket.transport() != CoreTransport.TLS || socket.tls().isPresent(),
        "tls",
        "must name a section under tls: the core may connect, too");
    section.require(
        socket.transport() == CoreTransport.TLS || socket.tls().isEmpty(),
        "tls",
        "is for transport = tls; TLS of connections made from here is the upstream's");
  }
}
