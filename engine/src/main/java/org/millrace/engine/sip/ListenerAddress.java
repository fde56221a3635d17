package org.millrace.engine.sip;

import java.util.Locale;

/** The advertised address of a listener for clients, as messages have it. Immutable. */
final class ListenerAddress {
  private static final int WS_PORT = 80;
  private static final int WSS_PORT = 443;

  private final boolean secure;
  private final int port;
  private final byte[] lowerHost;
  private final byte[] viaPrefix;
  private final byte[] routeUri;

  ListenerAddress(boolean secure, String host, int port) {
    this.secure = secure;
    this.port = port;
    lowerHost = Octets.ascii(host.toLowerCase(Locale.ROOT));
    final String address = host + ":" + port;
    viaPrefix = Octets.ascii("Via: SIP/2.0/" + (secure ? "WSS " : "WS ") + address + ";branch=");
    routeUri = Octets.ascii(address + ";transport=ws;lr");
  }

  int port() {
    return port;
  }

  /** The port that a URI without one means (B-14). */
  int defaultPort() {
    return secure ? WSS_PORT : WS_PORT;
  }

  byte[] lowerHost() {
    return lowerHost;
  }

  /** {@code Via: SIP/2.0/WSS host:port;branch=}. */
  byte[] viaPrefix() {
    return viaPrefix;
  }

  /** What a URI of Path and Record-Route has behind its user: {@code host:port;transport=ws;lr}. */
  byte[] routeUri() {
    return routeUri;
  }
}
