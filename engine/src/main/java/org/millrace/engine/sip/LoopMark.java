package org.millrace.engine.sip;

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
  private int own;

  LoopMark(OwnNames names) {
    this.names = names;
  }

  /** The mark of a request; valid until the next one. */
  byte[] of(SipMessage request, RouteValues routes) {
    final byte[] buffer = request.text();
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
    final byte[] buffer = request.text();
    final ViaValue top = request.topVia();
    own = 0;
    if (comesRound(buffer, top)) {
      return true;
    }
    int line = request.header(HeaderName.VIA);
    int at = top.next();
    while (line >= 0) {
      while (at >= 0 && via.parse(buffer, at, request.valueEnd(line))) {
        if (comesRound(buffer, via)) {
          return true;
        }
        at = via.next();
      }
      line = request.nextHeader(line);
      at = line < 0 ? -1 : request.valueStart(line);
    }
    return false;
  }

  private boolean comesRound(byte[] buffer, ViaValue of) {
    if (!isOwn(buffer, of)) {
      return false;
    }
    own++;
    return own > MOST_OWN_VIAS
        || Octets.equal(buffer, of.loopMarkOffset(), of.loopMarkLength(), mark);
  }

  private boolean isOwn(byte[] buffer, ViaValue of) {
    return of.loopMarkLength() == LENGTH
        && FlowTokens.hasMark(buffer, of)
        && (names.isSocket(buffer, of) || names.isListener(buffer, of));
  }
}
