package org.millrace.engine.sip;

/**
 * Reads the Route values of a client's request. There is nothing behind this side but the flows of
 * its own, so every value must name this side: by a token of a flow, or bare (C-5, C-6, C-29).
 *
 * <p>A dialog between two flows has both tokens in its route set, the sender's first; so the last
 * token is where the request goes, also when the sender has come back over another connection and
 * its own token no longer tells (RFC 5626 section 5.3.1).
 */
final class RouteSet {
  /** No token: the request goes by its Request-URI. */
  static final long NO_FLOW = 0;

  private static final int MOST_VALUES = 8;

  private final NameAddr value = new NameAddr();
  private final SipUri uri = new SipUri();
  private final FlowTokens tokens;
  private final Domains domains;
  private long target;
  private int tokenCount;

  RouteSet(FlowTokens tokens, Domains domains) {
    this.tokens = tokens;
    this.domains = domains;
  }

  /** Reads them all; returns what to answer if they lead astray, or null. */
  Status read(Flow flow, SipMessage message) {
    target = NO_FLOW;
    tokenCount = 0;
    int values = 0;
    for (int i = message.header(HeaderName.ROUTE); i >= 0; i = message.nextHeader(i)) {
      int at = message.valueStart(i);
      while (at >= 0) {
        if (!value.parse(message.text(), at, message.valueEnd(i))) {
          return Status.BAD_REQUEST;
        }
        if (++values > MOST_VALUES || !isOurs(flow, message.text())) {
          return Status.FORBIDDEN;
        }
        at = value.next();
      }
    }
    if (tokenCount == 1 && target == flow.id()) {
      target = NO_FLOW; // the way out of this flow, not into it
    }
    return null;
  }

  private boolean isOurs(Flow flow, byte[] buffer) {
    if (!uri.parse(buffer, value.uriOffset(), value.uriLength()) || !uri.isSip()) {
      return false;
    }
    if (!uri.hasUser()) {
      return domains.isLocal(buffer, uri, flow);
    }
    target = tokens.verifyFlow(buffer, uri.userOffset(), uri.userLength());
    tokenCount++;
    return target != FlowTokens.NOT_OURS;
  }

  /** The connection that the request goes to, {@link #NO_FLOW} or that of another node. */
  long target() {
    return target;
  }
}
