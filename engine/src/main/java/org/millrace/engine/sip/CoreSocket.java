package org.millrace.engine.sip;

import java.util.Locale;
import java.util.Objects;

/**
 * An address of this side as the core knows it: what Via, Path and Record-Route say of it (C-9,
 * C-23, C-37). Immutable.
 */
public final class CoreSocket {
  private final int id;
  private final CoreTransport transport;
  private final String host;
  private final int port;
  private final byte[] lowerHost;
  private final byte[] viaPrefix;
  private final byte[] routeUri;

  /**
   * @param id 0 to 65535, unique; return tokens have it, so it must not change with a restart as
   *     long as the configuration does not.
   * @param host advertised: a name or an IP address, an IPv6 address in brackets.
   * @param port advertised, 1 to 65535.
   */
  public CoreSocket(int id, CoreTransport transport, String host, int port) {
    if (id < 0 || id > 65_535 || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("id=" + id + ", port=" + port + ": out of range");
    }
    this.id = id;
    this.transport = Objects.requireNonNull(transport, "transport");
    this.host = host.toLowerCase(Locale.ROOT);
    this.port = port;
    final String address = this.host + ":" + port;
    lowerHost = Octets.ascii(this.host);
    viaPrefix = Octets.ascii("Via: SIP/2.0/" + transport.via() + " " + address + ";branch=");
    routeUri = Octets.ascii(address + ";transport=" + transport.uri() + ";lr");
  }

  public int id() {
    return id;
  }

  public CoreTransport transport() {
    return transport;
  }

  /** In lower case. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  byte[] lowerHost() {
    return lowerHost;
  }

  /** {@code Via: SIP/2.0/TCP host:port;branch=}. */
  byte[] viaPrefix() {
    return viaPrefix;
  }

  /**
   * What a URI of Path and Record-Route has behind its user: {@code host:port;transport=tcp;lr}.
   */
  byte[] routeUri() {
    return routeUri;
  }
}
