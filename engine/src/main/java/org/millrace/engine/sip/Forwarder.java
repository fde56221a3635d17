package org.millrace.engine.sip;

import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/**
 * Passes messages from flow to flow without state (RFC 3261 section 16.11): what must change is
 * spliced, everything else stays as it is (C-15). One instance a shard.
 */
final class Forwarder {
  private static final byte[] RETURN_TOKEN = Octets.ascii(";eret=");

  private final Rewrite rewrite = new Rewrite();
  private final FlowTable.Id probe = FlowTable.probe();
  private final FlowTokens tokens;
  private final FlowTable flows;
  private final FlowSender sender;
  private final SipCounters counters;

  Forwarder(FlowTokens tokens, FlowTable flows, FlowSender sender, SipCounters counters) {
    this.tokens = tokens;
    this.flows = flows;
    this.sender = sender;
    this.counters = counters;
  }

  Flow flow(long connectionId) {
    return flows.get(connectionId, probe);
  }

  // ---- requests ----

  /**
   * Sends a request on. Its Route values must all be this side's: they are removed.
   *
   * @param uri the Request-URI to go out with, or null for the one it has.
   * @param credentials index of a header field that was meant for this side, or -1.
   * @return one of {@link SendResult}.
   */
  int request(Flow from, SipMessage message, Flow target, byte[] uri, int credentials) {
    final byte[] branch = tokens.branch(message, message.topVia());
    return request(from, message, target, uri, credentials, branch, branch.length);
  }

  int request(
      Flow from,
      SipMessage message,
      Flow target,
      byte[] uri,
      int credentials,
      byte[] branch,
      int branchLength) {
    rewrite.begin(message);
    if (uri != null) {
      final int uriEnd = message.uriOffset() + message.uriLength();
      rewrite.splice().replace(message.uriOffset(), uriEnd).put(uri);
    }
    pushVia(from, target, branch, branchLength);
    ViaStamp.client(rewrite.splice(), message, from, false);
    if (!message.to().hasTag()) {
      if (SipMethod.formsDialog(message.method())) {
        final SipWriter text = rewrite.above(HeaderName.RECORD_ROUTE);
        RouteLines.recordRoute(text, target.token(), target.listener().routeUri(), false);
        RouteLines.recordRoute(text, from.token(), from.listener().routeUri(), false);
      }
      rewrite.remove(HeaderName.RECORD_ROUTE);
    }
    rewrite.hops();
    rewrite.remove(HeaderName.ROUTE);
    rewrite.remove(HeaderName.PATH);
    rewrite.remove(HeaderName.P_ASSERTED_IDENTITY);
    if (credentials >= 0) {
      rewrite.removeLine(credentials);
    }
    rewrite.contentLength();
    final int result = send(target.id());
    if (SendResult.isAccepted(result)) {
      counters.increment(SipCounter.FORWARDED_REQUESTS);
    }
    return result;
  }

  private void pushVia(Flow from, Flow target, byte[] branch, int branchLength) {
    rewrite
        .aboveVias()
        .put(target.listener().viaPrefix())
        .put(branch, 0, branchLength)
        .put(RETURN_TOKEN)
        .put(tokens.returnToken(from.info().secure(), from.id(), branch, branchLength))
        .put(Responder.CRLF);
  }

  // ---- responses ----

  /**
   * Whose request the response answers, by the return token in its topmost Via, never by what the
   * next one says (B-10, C-16, C-40, C-41).
   *
   * @return the id of a connection, or {@link FlowTokens#NOT_OURS}, counted, if nobody's.
   */
  long returnId(SipMessage message) {
    final ViaValue via = message.topVia();
    final long id =
        via.tokenLength() < 0 ? FlowTokens.NOT_OURS : tokens.verifyReturn(message.text(), via);
    final ViaValue next = id < 0 ? null : rewrite.nextVia(message);
    if (next == null || !tokens.isBranchOf(message, via, next)) {
      counters.increment(SipCounter.FOREIGN_RESPONSES);
      return FlowTokens.NOT_OURS;
    }
    return id;
  }

  /** Sends a response, without its topmost Via, to whom {@link #returnId} has just named. */
  void respond(SipMessage message, long targetId) {
    rewrite.begin(message);
    rewrite.popVia();
    rewrite.remove(HeaderName.P_ASSERTED_IDENTITY);
    rewrite.contentLength();
    final boolean sent = SendResult.isAccepted(send(targetId));
    counters.increment(sent ? SipCounter.FORWARDED_RESPONSES : SipCounter.LATE_RESPONSES);
  }

  private int send(long targetId) {
    final SipWriter text = rewrite.apply();
    return sender.send(targetId, Connection.AUTO, text.buffer(), 0, text.length());
  }
}
