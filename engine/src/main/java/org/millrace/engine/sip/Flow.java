package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * An open connection of a SIP client and the text that stands for it in messages. It is immutable
 * and read by every shard, but for the set of addresses and the note on the request at hand, which
 * belong to the owning shard.
 */
final class Flow {
  private final long id;
  private final FlowInfo info;
  private final Identity identity;
  private final EdgePolicy policy;
  private final ListenerAddress listener;
  private final FlowAddress address;
  private final byte[] token;
  private final byte[] rport;
  private final byte[] received;
  private final Set<ByteKey> registered = new HashSet<>();
  private boolean tooFast;

  /**
   * @param policy null within an embedded core.
   * @param listener shared by all flows of the listener.
   * @param address that aliases have for it, or null.
   */
  Flow(
      long id,
      FlowInfo info,
      EdgePolicy policy,
      ListenerAddress listener,
      FlowAddress address,
      FlowTokens tokens) {
    this.id = id;
    this.info = info;
    this.policy = policy;
    this.listener = listener;
    this.address = address;
    identity = info.identity() == null ? null : new Identity(info.identity());
    token = tokens.flowToken(info.secure(), id);
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

  EdgePolicy policy() {
    return policy;
  }

  ListenerAddress listener() {
    return listener;
  }

  /** What aliases have for it (C-50); null without them. */
  FlowAddress address() {
    return address;
  }

  byte[] token() {
    return token;
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

  /** Whether the request at hand is one too many (C-1). Owning shard only. */
  boolean isTooFast() {
    return tooFast;
  }

  void tooFast(boolean value) {
    tooFast = value;
  }
}
