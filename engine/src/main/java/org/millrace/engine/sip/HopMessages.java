package org.millrace.engine.sip;

/**
 * Messages that a stateful proxy makes of a request that it has sent: the same for another target,
 * ACK and CANCEL for its next hop, answers for where it came from (RFC 3261 sections 9.1, 16.6,
 * 17.1.1.3). The request's first Via line is ours and alone on its line. One message at a time.
 */
final class HopMessages {
  private static final byte[] VERSION = Octets.ascii(" SIP/2.0\r\n");
  private static final byte[] STATUS = Octets.ascii("SIP/2.0 ");
  private static final byte[] ACK = Octets.ascii("ACK");
  private static final byte[] CANCEL = Octets.ascii("CANCEL");
  private static final byte[] CSEQ = Octets.ascii("CSeq: ");
  private static final byte[] TAG = Octets.ascii(";tag=");
  private static final byte[] NO_CONTENT = Octets.ascii("Content-Length: 0\r\n\r\n");
  private static final byte[] HEX = Octets.ascii("0123456789abcdef");

  private final SipWriter text = new SipWriter();
  private final Splice splice = new Splice();

  // ---- to the next hop ----

  /**
   * The request for another target: with that one's socket in Via and in what we have recorded of
   * ourselves, all else as it was (C-62, C-65).
   *
   * @param from the socket that the request was made for, or null if that is not known; then what
   *     we have recorded stays.
   * @param attempt 0 for the branch that the request has; others have their number behind it.
   */
  SipWriter request(SipMessage request, CoreSocket from, CoreSocket to, int attempt) {
    splice.begin();
    final int via = request.header(HeaderName.VIA);
    via(splice.replace(request.lineStart(via), request.lineEnd(via)), request, to, attempt);
    if (from != null && from != to) {
      recorded(request, HeaderName.PATH, from.routeUri(), to.routeUri());
      recorded(request, HeaderName.RECORD_ROUTE, from.routeUri(), to.routeUri());
    }
    return splice.apply(request.text(), request.offset(), request.end());
  }

  /** What faces the core is on the first line of its name. */
  private void recorded(SipMessage request, int id, byte[] from, byte[] to) {
    final int index = request.header(id);
    if (index < 0) {
      return;
    }
    final byte[] bytes = request.text();
    final int last = request.valueEnd(index) - from.length;
    for (int at = request.valueStart(index); at <= last; at++) {
      if (Octets.equal(bytes, at, from.length, from)) {
        splice.replace(at, at + from.length).put(to);
        return;
      }
    }
  }

  private static void via(SipWriter into, SipMessage request, CoreSocket socket, int attempt) {
    final ViaValue via = request.topVia();
    into.put(socket.viaPrefix()).put(request.text(), via.branchOffset(), via.branchLength());
    if (attempt > 0) {
      into.put('.').putDecimal(attempt);
    }
    final int behind = via.branchOffset() + via.branchLength();
    into.put(request.text(), behind, via.end() - behind).put(Responder.CRLF);
  }

  /** The ACK for a failure. */
  SipWriter ack(SipMessage invite, CoreSocket socket, int attempt, SipMessage response) {
    return sameHop(invite, ACK, socket, attempt, response);
  }

  SipWriter cancel(SipMessage invite, CoreSocket socket, int attempt) {
    return sameHop(invite, CANCEL, socket, attempt, invite);
  }

  private SipWriter sameHop(
      SipMessage invite, byte[] method, CoreSocket socket, int attempt, SipMessage toOf) {
    text.clear()
        .put(method)
        .put(' ')
        .put(invite.text(), invite.uriOffset(), invite.uriLength())
        .put(VERSION);
    via(text, invite, socket, attempt);
    lines(invite, invite.header(HeaderName.MAX_FORWARDS));
    lines(invite, invite.header(HeaderName.ROUTE));
    line(toOf, toOf.header(HeaderName.TO));
    line(invite, invite.header(HeaderName.FROM));
    line(invite, invite.header(HeaderName.CALL_ID));
    text.put(CSEQ)
        .put(invite.text(), invite.cseqNumberOffset(), invite.cseqNumberLength())
        .put(' ')
        .put(method)
        .put(Responder.CRLF);
    return text.put(NO_CONTENT);
  }

  /** This one and all further ones of the same name. */
  private void lines(SipMessage message, int from) {
    for (int i = from; i >= 0; i = message.nextHeader(i)) {
      line(message, i);
    }
  }

  private void line(SipMessage message, int index) {
    final int start = message.lineStart(index);
    text.put(message.text(), start, message.lineEnd(index) - start);
  }

  // ---- to the client ----

  /** An answer to the client whose request has become this one. */
  SipWriter answer(SipMessage request, Status status) {
    text.clear().put(STATUS).putDecimal(status.code()).put(' ').put(status.reason());
    text.put(Responder.CRLF);
    final int own = request.header(HeaderName.VIA);
    lines(request, request.nextHeader(own));
    line(request, request.header(HeaderName.FROM));
    to(request, status);
    line(request, request.header(HeaderName.CALL_ID));
    line(request, request.header(HeaderName.CSEQ));
    return text.put(NO_CONTENT);
  }

  /** The tag is made of the branch: the same for INVITE and CANCEL. */
  private void to(SipMessage request, Status status) {
    final int index = request.header(HeaderName.TO);
    if (request.to().hasTag() || status == Status.TRYING) {
      line(request, index);
      return;
    }
    final int start = request.lineStart(index);
    text.put(request.text(), start, request.valueEnd(index) - start).put(TAG);
    final ViaValue via = request.topVia();
    final long tag =
        Hash.mix(Hash.add(Hash.EMPTY, request.text(), via.branchOffset(), via.branchLength()));
    for (int shift = 60; shift >= 0; shift -= 4) {
      text.put((char) HEX[(int) (tag >>> shift) & 0xF]);
    }
    text.put(Responder.CRLF);
  }
}
