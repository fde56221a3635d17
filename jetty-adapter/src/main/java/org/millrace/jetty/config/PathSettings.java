package org.millrace.jetty.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;

/** Reads the named sections under {@code paths}. */
final class PathSettings {
  private static final int LONGEST_ORIGIN = 256;

  private PathSettings() {}

  static PathConfig read(Section section, RoutingSettings routing) {
    final ConnectionSettings connection = ConnectionSettings.read(section.section("connection"));
    final PathConfig path =
        new PathConfig(
            section.required("path", Kinds::string, "/"),
            List.copyOf(
                new LinkedHashSet<>(
                    section.list("sub-protocols", Kinds.choice(EdgeSubProtocol.class)))),
            section.bool("sub-protocol-required"),
            section.choice("sub-protocol-preference", PathConfig.SubProtocolPreference.class),
            section.list("allowed-origins", value -> origin(Kinds.string(value))),
            section.bool("require-origin"),
            section.list("allowed-hosts", value -> Hosts.hostAndPort(Kinds.string(value))),
            section.choice("cors-mode", PathConfig.CorsMode.class),
            section.bool("strict-pipelining"),
            AuthSettings.read(section.section("auth")),
            routing.read(section, connection.liveness()),
            subProtocol -> connection.context(subProtocol.counted()));
    section.close();
    check(section, path);
    return path;
  }

  private static void check(Section section, PathConfig path) {
    section.require(
        path.path().matches("/[\\x21-\\x7e&&[^?#\\\\]]*"),
        "path",
        "must begin with a slash and have no spaces, ? or #");
    section.require(
        !path.subProtocols().isEmpty(), "sub-protocols", "must name at least one: sip or echo");
    section.require(
        !path.subProtocols().contains(EdgeSubProtocol.MSRP),
        "sub-protocols",
        "msrp is not there yet; there are sip and echo");
    section.require(
        path.upstream().isEmpty() || path.subProtocols().contains(EdgeSubProtocol.SIP),
        "upstream",
        "is of no use: sub-protocols does not have sip");
    section.require(
        path.subProtocolRequired() || path.subProtocols().equals(List.of(EdgeSubProtocol.ECHO)),
        "sub-protocol-required",
        "may only be false where sub-protocols = [echo]: RFC 7118 and RFC 7977 require one");
  }

  /** Scheme, host and port, {@code null}, or a wildcard for the leftmost labels. */
  private static String origin(String text) throws WrongValueException {
    if (text.equals("null")) {
      return text;
    }
    if (text.equals("*")) {
      throw new WrongValueException("every origin is allowed by an empty list");
    }
    final String expected =
        text + " must be an origin such as https://example.com:8443 or https://*.example.com";
    try {
      final URI uri = new URI(text.replaceFirst("://\\*\\.", "://"));
      final String rest = uri.getScheme() + "://" + uri.getRawAuthority();
      if (uri.getScheme() == null
          || uri.getHost() == null
          || text.length() > LONGEST_ORIGIN
          || !rest.equals(uri.toString())
          || uri.getUserInfo() != null) {
        throw new WrongValueException(expected);
      }
    } catch (URISyntaxException e) {
      throw new WrongValueException(expected);
    }
    return text;
  }
}
