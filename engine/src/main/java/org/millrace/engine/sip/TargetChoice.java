package org.millrace.engine.sip;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * To which target of the core a request goes (C-6, C-11, C-70, C-72). One a router, called by its
 * thread; nothing is looked up in a directory, and nothing allocated.
 *
 * <p>When no target of a group may be had there is none, and the request is to be answered 503 at
 * once. To send it to one that is down all the same would leave the client waiting for 32 seconds;
 * with an answer it can try again or elsewhere, and probes find a core that is back within seconds.
 * Who does not trust the probes turns them off, then nothing is ever down.
 */
final class TargetChoice {
  /** How many branches are remembered. */
  static final int DEFAULT_MEMORY = 16 * 1024;

  /**
   * A call may ring for three minutes (Timer C), and its failure be acknowledged 32 seconds later.
   * The end of the ringing is not noticed here: answers may come to another thread.
   */
  static final long LIFETIME_NS = TimeUnit.SECONDS.toNanos(180 + 32);

  private static final byte[] TRANSPORT = Octets.ascii("transport");
  private static final byte[] SIPS = Octets.ascii("sips:");

  private final Rendezvous rendezvous = new Rendezvous();
  private final SipUri uri = new SipUri();
  private final UriParams params = new UriParams();
  private final IpLiteral literal = new IpLiteral();
  private final TargetMemory memory;

  /**
   * @param memorySize how many branches are remembered, a power of two.
   */
  TargetChoice(int memorySize) {
    memory = new TargetMemory(memorySize);
  }

  /**
   * Where the INVITE of the same branch went. To be asked before anything else.
   *
   * @param branch what the request leaves with.
   * @return null for other requests than INVITE, CANCEL and ACK, and when it is not known.
   */
  Target remembered(SipMessage request, byte[] branch, int branchLength, long nowNs) {
    return switch (request.method()) {
      case SipMethod.INVITE, SipMethod.CANCEL, SipMethod.ACK ->
          memory.get(key(branch, branchLength), nowNs);
      default -> null;
    };
  }

  /** Remembers where an INVITE has been sent; of other requests nothing needs to follow. */
  void sent(SipMessage request, Target target, byte[] branch, int branchLength, long nowNs) {
    if (request.method() == SipMethod.INVITE) {
      memory.put(key(branch, branchLength), target, nowNs, LIFETIME_NS);
    }
  }

  private static long key(byte[] branch, int length) {
    long hash = Hash.EMPTY;
    int at = 0;
    for (; at <= length - Long.BYTES; at += Long.BYTES) {
      hash = Hash.mix(hash ^ Octets.eight(branch, at));
    }
    for (; at < length; at++) {
      hash = Hash.add(hash, branch[at]);
    }
    return Hash.mix(hash);
  }

  /**
   * The target of a group for a request that names no next hop. Within a dialog it may also be one
   * that drains, which by the same key is the one that has the dialog.
   *
   * @return null if none may be had: 503.
   */
  Target choose(List<Target> group, SipMessage request) {
    final long key = group.size() > 1 ? rendezvous.key(request) : 0;
    return Rendezvous.choose(group, key, request.to().hasTag(), isSecure(request));
  }

  /**
   * The target that a URI names, of a Route value or the Request-URI: an address or a name that is
   * configured, with the port and transport that it says. It may be down: who names it means it.
   *
   * @return null if it is none of the core's: 403, or another choice (C-6).
   */
  Target named(UpstreamSet upstreams, SipMessage request, int uriOffset, int uriLength) {
    final byte[] buffer = request.text();
    if (!uri.parse(buffer, uriOffset, uriLength) || !uri.isSip()) {
      return null;
    }
    CoreTransport transport = null;
    params.on(buffer, uri, uriOffset + uriLength);
    while (params.next()) {
      if (params.is(TRANSPORT) && params.valueLength() > 0) {
        transport = CoreTransport.named(buffer, params.valueOffset(), params.valueLength());
        if (transport == null) {
          return null;
        }
      }
    }
    return upstreams.find(
        buffer,
        uri.hostOffset(),
        uri.hostLength(),
        uri.port(),
        transport,
        uri.scheme() == SipUri.SIPS || isSecure(request),
        rendezvous.key(request),
        literal);
  }

  /** Whether the request may leave over TLS only (C-72). */
  static boolean isSecure(SipMessage request) {
    return request.uriLength() > SIPS.length
        && Octets.equalIgnoringCase(request.text(), request.uriOffset(), SIPS.length, SIPS);
  }
}
