package org.millrace.engine.sip;

import org.millrace.engine.connection.Connection;

/**
 * Makes answers of this side's own (C-3): all Vias, From, To with a tag, Call-ID and CSeq of the
 * request, no body. One answer at a time; one instance a shard.
 */
final class Responder {
  static final byte[] CRLF = Octets.ascii("\r\n");

  private static final byte[] VERSION = Octets.ascii("SIP/2.0 ");
  private static final byte[] TAG = Octets.ascii(";tag=");
  private static final byte[] NO_CONTENT = Octets.ascii("Content-Length: 0\r\n\r\n");

  private final SipWriter answer = new SipWriter();
  private final FlowTokens tokens;
  private final FlowSender sender;
  private final SipCounters counters;

  Responder(FlowTokens tokens, FlowSender sender, SipCounters counters) {
    this.tokens = tokens;
    this.sender = sender;
    this.counters = counters;
  }

  /** Answers a request, unless it is an ACK. */
  void answer(Flow flow, SipMessage request, Status status) {
    answer(flow, request, status.code(), status.reason());
  }

  void answer(Flow flow, SipMessage request, int code, byte[] reason) {
    answer(flow.id(), request, code, reason);
  }

  /**
   * @param connectionId of a connection that need not be a client's flow.
   */
  void answer(long connectionId, SipMessage request, int code, byte[] reason) {
    if (request.method() == SipMethod.ACK) {
      counters.increment(SipCounter.DROPPED_ACKS);
      return;
    }
    begin(request, code, reason);
    end(connectionId);
  }

  /**
   * Begins an answer; further header fields are to be put behind.
   *
   * @param request no ACK.
   */
  SipWriter begin(SipMessage request, Status status) {
    return begin(request, status.code(), status.reason());
  }

  private SipWriter begin(SipMessage request, int code, byte[] reason) {
    return begin(request, code, reason, null);
  }

  /**
   * As the other ones.
   *
   * @param topVia the line to answer with in place of the first Via line, or null for the same.
   */
  SipWriter begin(SipMessage request, int code, byte[] reason, SipWriter topVia) {
    answer.clear().put(VERSION).putDecimal(code).put(' ').put(reason).put(CRLF);
    final int top = request.header(HeaderName.VIA);
    if (topVia == null) {
      line(request, top);
    } else {
      answer.put(topVia.bytes(), 0, topVia.length());
    }
    for (int i = request.nextHeader(top); i >= 0; i = request.nextHeader(i)) {
      line(request, i);
    }
    line(request, request.header(HeaderName.FROM));
    to(request, code);
    line(request, request.header(HeaderName.CALL_ID));
    line(request, request.header(HeaderName.CSEQ));
    return answer;
  }

  private void line(SipMessage request, int index) {
    final int start = request.lineStart(index);
    answer.put(request.text(), start, request.lineEnd(index) - start);
  }

  private void to(SipMessage request, int code) {
    final int index = request.header(HeaderName.TO);
    if (request.to().hasTag() || code == 100) {
      line(request, index);
      return;
    }
    final int start = request.lineStart(index);
    final byte[] buffer = request.text();
    answer.put(buffer, start, request.valueEnd(index) - start);
    answer.put(TAG).put(tokens.toTag(request)).put(CRLF);
  }

  /** Sends the answer begun. If it cannot be sent there is nobody to tell. */
  void end(Flow flow) {
    end(flow.id());
  }

  private void end(long connectionId) {
    end();
    sender.send(connectionId, Connection.AUTO, answer.buffer(), 0, answer.length());
  }

  /** Ends the answer begun, for whoever sends it. */
  SipWriter end() {
    counters.increment(SipCounter.LOCAL_RESPONSES);
    return answer.put(NO_CONTENT);
  }

  /** Whether the ACK is for a failure that was answered here: its To tag is ours (C-3). */
  boolean isOwnAck(SipMessage ack) {
    return ack.to().tagLength() == FlowTokens.TAG_LENGTH
        && Octets.equal(ack.text(), ack.to().tagOffset(), ack.to().tagLength(), tokens.toTag(ack));
  }
}
