package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * The remote address of a flow as aliases have it, {@code 203.0.113.5~51234~6} (C-50). Immutable;
 * one a flow, where alias mode is on.
 */
final class FlowAddress {
  static final int WS = 5;
  static final int WSS = 6;

  private final AliasTable.Key key;
  private final long connectionId;
  private final byte[] text;
  private final int hostLength;
  private final byte[] mac;

  private FlowAddress(
      AliasTable.Key key, long connectionId, String host, boolean secure, AliasMac macs) {
    this.key = key;
    this.connectionId = connectionId;
    text = Octets.ascii(host + "~" + key.port() + "~" + (secure ? WSS : WS));
    hostLength = host.length();
    mac = macs == null ? null : macs.hex(text);
  }

  /**
   * The address of a flow that opens.
   *
   * @param macs null if aliases go without (C-52).
   * @return null if the address is not known: there will be no aliases.
   */
  static FlowAddress of(FlowInfo info, long connectionId, AliasMac macs) {
    final IpLiteral literal = new IpLiteral();
    final InetSocketAddress remote = info.remote();
    if (remote == null || !read(remote, literal)) {
      return null;
    }
    return new FlowAddress(
        new AliasTable.Key(literal.high(), literal.low(), remote.getPort()),
        connectionId,
        literal.text(),
        info.secure(),
        macs);
  }

  /** Without looking anything up. */
  private static boolean read(InetSocketAddress remote, IpLiteral literal) {
    if (remote.getAddress() != null) {
      literal.set(remote.getAddress());
      return true;
    }
    final byte[] host = Octets.ascii(remote.getHostString());
    return literal.parse(host, 0, host.length);
  }

  AliasTable.Key key() {
    return key;
  }

  long connectionId() {
    return connectionId;
  }

  /** {@code 203.0.113.5~51234~6}. */
  byte[] text() {
    return text;
  }

  /** 16 hexadecimal digits, or null if there is none. */
  byte[] mac() {
    return mac;
  }

  /** Puts {@code 203.0.113.5:51234}. */
  void putHostAndPort(SipWriter to) {
    to.put(text, 0, hostLength).put(':').putDecimal(key.port());
  }

  @Override
  public String toString() {
    return new String(text, StandardCharsets.US_ASCII);
  }
}
