package org.millrace.jetty.config;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.engine.sip.CoreTransport;

/**
 * Where a target is, as a SIP URI without a user: {@code sip:10.0.0.9:5060;transport=tcp}.
 *
 * @param host without the brackets of an IPv6 address.
 * @param port empty for that of SRV records or the transport's own.
 * @param secure whether only TLS and WSS may be used.
 * @param transport empty where DNS decides.
 */
record TargetUri(String host, OptionalInt port, boolean secure, Optional<CoreTransport> transport) {
  private static final String EXPECTED =
      "must be such as sip:10.0.0.9:5060;transport=tcp, sips:pbx.example.com or"
          + " sip:[2001:db8::9]";

  static TargetUri parse(String text) throws WrongValueException {
    final String lower = text.toLowerCase(Locale.ROOT);
    final boolean sips = lower.startsWith("sips:");
    if (!sips && !lower.startsWith("sip:")) {
      throw new WrongValueException(EXPECTED);
    }
    final String[] parts = text.substring(text.indexOf(':') + 1).split(";", -1);
    final HostPort address = address(parts[0]);
    Optional<CoreTransport> transport = Optional.empty();
    for (int i = 1; i < parts.length; i++) {
      final String parameter = parts[i].toLowerCase(Locale.ROOT);
      if (parameter.startsWith("transport=")) {
        transport = Optional.of(transport(parameter.substring("transport=".length()), sips));
      } else if (!parameter.equals("lr")) {
        throw new WrongValueException("has ;" + parts[i] + ", but only ;transport=… is known here");
      }
    }
    final boolean secure = sips || transport.map(CoreTransport::isSecure).orElse(false);
    return new TargetUri(address.bareHost(), address.port(), secure, transport).withoutQuestions();
  }

  private static HostPort address(String text) throws WrongValueException {
    if (text.contains("@")) {
      throw new WrongValueException("must not have a user: " + EXPECTED);
    }
    try {
      return HostPort.parse(Hosts.hostAndPort(text));
    } catch (WrongValueException e) {
      throw new WrongValueException(EXPECTED);
    }
  }

  /** With {@code sips} the transport below TLS is named, and {@code ws} is WSS (B-8). */
  private static CoreTransport transport(String name, boolean sips) throws WrongValueException {
    return switch (name) {
      case "udp" -> {
        if (sips) {
          throw new WrongValueException("sips: cannot go over UDP");
        }
        yield CoreTransport.UDP;
      }
      case "tcp" -> sips ? CoreTransport.TLS : CoreTransport.TCP;
      case "tls" -> CoreTransport.TLS;
      case "ws" -> sips ? CoreTransport.WSS : CoreTransport.WS;
      case "wss" -> CoreTransport.WSS;
      default ->
          throw new WrongValueException("transport must be udp, tcp, tls, ws or wss, not " + name);
    };
  }

  /** An address or a port leave nothing for DNS to decide (RFC 3263 section 4.1). */
  private TargetUri withoutQuestions() {
    return transport.isEmpty() && (port.isPresent() || Hosts.isAddress(host))
        ? new TargetUri(
            host, port, secure, Optional.of(secure ? CoreTransport.TLS : CoreTransport.UDP))
        : this;
  }
}
