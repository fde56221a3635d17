package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/**
 * Passes messages from flow to flow without state (RFC 3261 section 16.11): what must change is
 * spliced, everything else stays as it is (C-15). One instance a shard.
 */
final class Forwarder {
  private static final int DEFAULT_MAX_FORWARDS = 70;
  private static final byte[] RETURN_TOKEN = Octets.ascii(";eret=");
  private static final byte[] MAX_FORWARDS = Octets.ascii("Max-Forwards: ");
  private static final byte[] CONTENT_LENGTH = Octets.ascii("Content-Length: ");

  private final Splice splice = new Splice();
  private final ViaValue nextVia = new ViaValue();
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
    splice.begin();
    if (uri != null) {
      final int uriEnd = message.uriOffset() + message.uriLength();
      splice.replace(message.uriOffset(), uriEnd).put(uri);
    }
    pushVia(from, message, target, branch, branchLength);
    if (!message.to().hasTag()) {
      if (SipMethod.formsDialog(message.method())) {
        splice.insert(viaBlockEnd(message)).put(target.recordRoute()).put(from.recordRoute());
      }
      remove(message, HeaderName.RECORD_ROUTE);
    }
    hops(message);
    remove(message, HeaderName.ROUTE);
    remove(message, HeaderName.PATH);
    remove(message, HeaderName.P_ASSERTED_IDENTITY);
    if (credentials >= 0) {
      splice.delete(message.lineStart(credentials), message.lineEnd(credentials));
    }
    contentLength(message);
    final int result = send(target.id(), message);
    if (SendResult.isAccepted(result)) {
      counters.increment(SipCounter.FORWARDED_REQUESTS);
    }
    return result;
  }

  private void pushVia(
      Flow from, SipMessage message, Flow target, byte[] branch, int branchLength) {
    splice
        .insert(message.lineStart(message.header(HeaderName.VIA)))
        .put(target.viaPrefix())
        .put(branch, 0, branchLength)
        .put(RETURN_TOKEN)
        .put(tokens.returnToken(from.info().secure(), from.id(), branch, branchLength))
        .put(Responder.CRLF);
    final int rport = message.topVia().emptyRportEnd();
    if (rport >= 0) {
      splice.insert(rport).put(from.rport()).put(from.received());
    }
  }

  /** Behind the topmost Via lines, as far as no other line is between them. */
  private static int viaBlockEnd(SipMessage message) {
    int index = message.header(HeaderName.VIA);
    while (index + 1 < message.headerCount() && message.id(index + 1) == HeaderName.VIA) {
      index++;
    }
    return message.lineEnd(index);
  }

  private void hops(SipMessage message) {
    final int index = message.header(HeaderName.MAX_FORWARDS);
    if (index < 0) {
      splice
          .insert(viaBlockEnd(message))
          .put(MAX_FORWARDS)
          .putDecimal(DEFAULT_MAX_FORWARDS)
          .put(Responder.CRLF);
    } else {
      splice
          .replace(message.valueStart(index), message.valueEnd(index))
          .putDecimal(message.maxForwards() - 1);
    }
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
        via.tokenLength() < 0 ? FlowTokens.NOT_OURS : tokens.verifyReturn(message.buffer(), via);
    if (id < 0 || !secondVia(message) || !isBranchOf(message, via)) {
      counters.increment(SipCounter.FOREIGN_RESPONSES);
      return FlowTokens.NOT_OURS;
    }
    return id;
  }

  /** Finds the Via that will be topmost. */
  private boolean secondVia(SipMessage message) {
    final int top = message.header(HeaderName.VIA);
    final DirectBuffer buffer = message.buffer();
    if (message.topVia().next() >= 0) {
      return nextVia.parse(buffer, message.topVia().next(), message.valueEnd(top));
    }
    final int next = message.nextHeader(top);
    return next >= 0 && nextVia.parse(buffer, message.valueStart(next), message.valueEnd(next));
  }

  /** Whether the branch is what the rest of the response says that it was (C-40). */
  private boolean isBranchOf(SipMessage message, ViaValue via) {
    final byte[] expected = tokens.branch(message, nextVia);
    return via.branchLength() >= expected.length
        && Octets.equal(message.buffer(), via.branchOffset(), expected.length, expected);
  }

  /** Sends a response, without its topmost Via, to whom {@link #returnId} has just named. */
  void respond(SipMessage message, long targetId) {
    splice.begin();
    final int top = message.header(HeaderName.VIA);
    if (message.topVia().next() >= 0) {
      splice.delete(message.valueStart(top), nextVia.start());
    } else {
      splice.delete(message.lineStart(top), message.lineEnd(top));
    }
    remove(message, HeaderName.P_ASSERTED_IDENTITY);
    contentLength(message);
    final boolean sent = SendResult.isAccepted(send(targetId, message));
    counters.increment(sent ? SipCounter.FORWARDED_RESPONSES : SipCounter.LATE_RESPONSES);
  }

  // ---- both ----

  private void remove(SipMessage message, int id) {
    for (int i = message.header(id); i >= 0; i = message.nextHeader(i)) {
      splice.delete(message.lineStart(i), message.lineEnd(i));
    }
  }

  /** B-3: whoever is behind may need it. */
  private void contentLength(SipMessage message) {
    if (!message.has(HeaderName.CONTENT_LENGTH)) {
      splice
          .insert(message.headerEnd())
          .put(CONTENT_LENGTH)
          .putDecimal(message.bodyLength())
          .put(Responder.CRLF);
    }
  }

  private int send(long targetId, SipMessage message) {
    final SipWriter text = splice.apply(message.buffer(), message.offset(), message.end());
    return sender.send(targetId, Connection.AUTO, text.buffer(), 0, text.length());
  }
}
