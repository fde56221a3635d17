package org.millrace.engine.sip;

import java.util.Locale;

/**
 * How SIP travels between this side and the core. The numbers are those of return tokens (C-41) and
 * of Kamailio's aliases (C-50).
 */
public enum CoreTransport {
  UDP(1, "UDP", "udp", 5060, false),
  TCP(2, "TCP", "tcp", 5060, true),
  TLS(3, "TLS", "tls", 5061, true),
  WS(5, "WS", "ws", 80, true),
  WSS(6, "WSS", "ws", 443, true);

  private final int number;
  private final String via;
  private final String uri;
  private final int defaultPort;
  private final boolean reliable;

  @SuppressWarnings("ImmutableEnumChecker") // never written
  private final byte[] lowerName;

  CoreTransport(int number, String via, String uri, int defaultPort, boolean reliable) {
    this.number = number;
    this.via = via;
    this.uri = uri;
    this.defaultPort = defaultPort;
    this.reliable = reliable;
    lowerName = Octets.ascii(name().toLowerCase(Locale.ROOT));
  }

  private static final CoreTransport[] ALL = values();

  /**
   * What the transport parameter of a URI means, in any case; {@code wss} too, which should not
   * occur (B-8).
   *
   * @return null if it is none of these.
   */
  static CoreTransport named(byte[] buffer, int offset, int length) {
    for (final CoreTransport transport : ALL) {
      if (Octets.equalIgnoringCase(buffer, offset, length, transport.lowerName)) {
        return transport;
      }
    }
    return null;
  }

  int number() {
    return number;
  }

  /** As Via has it: {@code TCP}. */
  public String via() {
    return via;
  }

  /** As the transport parameter of a URI has it: {@code tcp}; there is no {@code wss} (B-8). */
  public String uri() {
    return uri;
  }

  /** The port that a URI without one means. */
  public int defaultPort() {
    return defaultPort;
  }

  /** Whether nothing needs to be sent twice. */
  public boolean isReliable() {
    return reliable;
  }

  /** Whether SIP is in frames of WebSocket (RFC 7118). */
  public boolean isWebSocket() {
    return this == WS || this == WSS;
  }

  public boolean isSecure() {
    return this == TLS || this == WSS;
  }
}
