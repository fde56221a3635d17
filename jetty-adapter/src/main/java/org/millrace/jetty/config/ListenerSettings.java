package org.millrace.jetty.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.config.TlsConfig.ClientAuth;

/** Reads the named sections under {@code listeners}. */
final class ListenerSettings {
  private static final int LONGEST_ACCEPT_QUEUE = 65_535;

  private final Map<String, TlsConfig> tls;
  private final Map<String, PathConfig> paths;
  private final boolean proxiesTrusted;

  ListenerSettings(
      Map<String, TlsConfig> tls, Map<String, PathConfig> paths, boolean proxiesTrusted) {
    this.tls = tls;
    this.paths = paths;
    this.proxiesTrusted = proxiesTrusted;
  }

  ListenerConfig read(String name, Section section) {
    final ListenerConfig listener =
        new ListenerConfig(
            name,
            section.get("host", value -> Hosts.host(Kinds.string(value))),
            section.required("port", Hosts.port(), 0),
            tls(section),
            section.bool("tls-terminated-upstream"),
            section.bool("http2"),
            section.bool("proxy-protocol"),
            section.integer("accept-queue-size", 1, LONGEST_ACCEPT_QUEUE),
            section.bool("page"),
            section.get(
                "advertised", Kinds.orNull(value -> Hosts.hostAndPort(Kinds.string(value)))),
            paths(section));
    section.close();
    check(section, listener);
    return listener;
  }

  private Optional<TlsConfig> tls(Section section) {
    return section
        .optionalString("tls")
        .flatMap(
            name -> {
              section.require(tls.containsKey(name), "tls", unknown("tls", name, tls));
              return Optional.ofNullable(tls.get(name));
            });
  }

  private List<PathConfig> paths(Section section) {
    final List<PathConfig> served = new ArrayList<>();
    for (final String name : section.strings("paths")) {
      if (paths.containsKey(name)) {
        served.add(paths.get(name));
      } else {
        section.fail("paths", unknown("paths", name, paths));
      }
    }
    section.require(!served.isEmpty(), "paths", "must name at least one section under paths");
    return List.copyOf(served);
  }

  static String unknown(String kind, String name, Map<String, ?> known) {
    return "there is no section millrace."
        + kind
        + "."
        + name
        + Suggestions.nearest(name, known.keySet())
            .map(near -> "; did you mean " + near + "?")
            .orElse("; there are " + String.join(", ", known.keySet().stream().sorted().toList()));
  }

  private void check(Section section, ListenerConfig listener) {
    section.requireBoth(
        listener.isSecure() || !listener.http2(),
        "http2",
        "tls",
        "http2 = true needs tls: browsers speak HTTP/2 on TLS only");
    section.requireBoth(
        !(listener.isSecure() && listener.tlsTerminatedUpstream()),
        "tls-terminated-upstream",
        "tls",
        "tls-terminated-upstream is for cleartext listeners behind a proxy; this one has tls of its own");
    section.require(
        !listener.proxyProtocol() || proxiesTrusted,
        "proxy-protocol",
        "needs trusted-proxies: nobody else may send a PROXY header");
    checkPaths(section, listener);
  }

  private static void checkPaths(Section section, ListenerConfig listener) {
    final Map<String, Integer> count = new HashMap<>();
    for (final PathConfig path : listener.paths()) {
      section.require(
          count.merge(path.path(), 1, Integer::sum) == 1,
          "paths",
          "serves " + path.path() + " twice; paths of one listener must differ");
      section.require(
          !path.subProtocols().contains(EdgeSubProtocol.MSRP) || listener.isSecureForClients(),
          "paths",
          path.path()
              + " speaks msrp, which needs tls or tls-terminated-upstream = true (RFC 7977)");
      section.require(
          !path.auth().schemes().contains(AuthConfig.Scheme.CLIENT_CERTIFICATE)
              || listener.tls().map(it -> it.clientAuth() != ClientAuth.NONE).orElse(false),
          "paths",
          path.path() + " asks for client certificates: set tls, and client-auth in its section");
    }
  }
}
