package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/**
 * Tells loops, which come back as they left, from spirals, which do not (C-14, RFC 5393). The mark
 * in our Via is the first 8 hexadecimal digits of SHA-256 over Request-URI and Route values as
 * received, each behind its length in 4 bytes. One instance a router.
 */
final class LoopMark {
  private static final int LENGTH = 8;

  /** Times that a request may come by, however it changes. */
  private static final int MOST_OWN_VIAS = 5;

  private static final byte[] HEX = Octets.ascii("0123456789abcdef");

  private final Sha256 hash = new Sha256();
  private final byte[] mark = new byte[LENGTH];
  private final ViaValue via = new ViaValue();
  private final OwnNames names;

  LoopMark(OwnNames names) {
    this.names = names;
  }

  /** The mark of a request; valid until the next one. */
  byte[] of(SipMessage request, RouteValues routes) {
    final DirectBuffer buffer = request.buffer();
    hash.begin()
        .updateInt(request.uriLength())
        .update(buffer, request.uriOffset(), request.uriLength());
    for (int i = 0; i < routes.count(); i++) {
      final int length = routes.end(i) - routes.start(i);
      hash.updateInt(length).update(buffer, routes.start(i), length);
    }
    final byte[] bytes = hash.end();
    for (int i = 0; i < LENGTH; i += 2) {
      mark[i] = HEX[(bytes[i / 2] >>> 4) & 0xF];
      mark[i + 1] = HEX[bytes[i / 2] & 0xF];
    }
    return mark;
  }

  /** Whether a request has been here as it is now, or too often. */
  boolean isLoop(SipMessage request) {
    final DirectBuffer buffer = request.buffer();
    int own = 0;
    for (int i = request.header(HeaderName.VIA); i >= 0; i = request.nextHeader(i)) {
      int at = request.valueStart(i);
      while (at >= 0 && via.parse(buffer, at, request.valueEnd(i))) {
        if (isOwn(buffer)) {
          own++;
          if (own > MOST_OWN_VIAS
              || Octets.equal(buffer, via.loopMarkOffset(), via.loopMarkLength(), mark)) {
            return true;
          }
        }
        at = via.next();
      }
    }
    return false;
  }

  private boolean isOwn(DirectBuffer buffer) {
    return via.loopMarkLength() == LENGTH
        && FlowTokens.hasMark(buffer, via)
        && (names.isSocket(buffer, via) || names.isListener(buffer, via));
  }
}
