package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * An open connection of a SIP client and the text that stands for it in messages. All but the set
 * of addresses is immutable and read by every shard; the set belongs to the owning shard.
 */
final class Flow {
  private final long id;
  private final FlowInfo info;
  private final Identity identity;
  private final byte[] token;
  private final byte[] viaPrefix;
  private final byte[] recordRoute;
  private final byte[] lowerHost;
  private final byte[] rport;
  private final byte[] received;
  private final Set<ByteKey> registered = new HashSet<>();

  Flow(long id, FlowInfo info, FlowTokens tokens) {
    this.id = id;
    this.info = info;
    identity = info.identity() == null ? null : new Identity(info.identity());
    token = tokens.flowToken(info.secure(), id);
    lowerHost = Octets.ascii(info.host().toLowerCase(Locale.ROOT));
    final String address = info.host() + ":" + info.port();
    viaPrefix =
        Octets.ascii("Via: SIP/2.0/" + (info.secure() ? "WSS " : "WS ") + address + ";branch=");
    recordRoute =
        Octets.ascii(
            "Record-Route: <sip:"
                + new String(token, StandardCharsets.US_ASCII)
                + "@"
                + address
                + ";transport=ws;lr>\r\n");
    final String remote = literal(info.remote());
    rport = Octets.ascii(remote.isEmpty() ? "" : "=" + info.remote().getPort());
    received = Octets.ascii(remote.isEmpty() ? "" : ";received=" + remote);
  }

  /** The address in digits, without looking anything up; empty if there is only a name. */
  private static String literal(InetSocketAddress remote) {
    if (remote == null) {
      return "";
    }
    final String text = remote.getHostString();
    final int zone = text.indexOf('%');
    final String address = zone < 0 ? text : text.substring(0, zone);
    final boolean isName = address.indexOf(':') < 0 && !address.matches("[0-9.]+");
    return isName ? "" : address;
  }

  long id() {
    return id;
  }

  FlowInfo info() {
    return info;
  }

  /** Null if the handshake named nobody. */
  Identity identity() {
    return identity;
  }

  /** {@code Via: SIP/2.0/WSS host:port;branch=}. */
  byte[] viaPrefix() {
    return viaPrefix;
  }

  byte[] token() {
    return token;
  }

  /** A Record-Route line with this flow's token. */
  byte[] recordRoute() {
    return recordRoute;
  }

  /** The advertised host in lower case. */
  byte[] lowerHost() {
    return lowerHost;
  }

  /** What an empty rport is followed by: {@code =51234}; empty if the address is not known. */
  byte[] rport() {
    return rport;
  }

  /** {@code ;received=203.0.113.5}; empty if the address is not known. */
  byte[] received() {
    return received;
  }

  /** Addresses of record with a binding to this flow, perhaps no longer. Owning shard only. */
  Set<ByteKey> registered() {
    return registered;
  }
}
