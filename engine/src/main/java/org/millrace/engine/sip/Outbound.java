package org.millrace.engine.sip;

/** What a REGISTER says about RFC 5626. */
final class Outbound {
  private static final byte[] REG_ID = Octets.ascii("reg-id");

  private Outbound() {}

  /** Whether nobody is between this side and the client: there is one Via value (C-20). */
  static boolean isFirstHop(SipMessage request) {
    return request.count(HeaderName.VIA) == 1 && request.topVia().next() < 0;
  }

  /** Whether a contact has a {@code reg-id} (C-21). */
  static boolean hasRegId(SipMessage request, NameAddr contact) {
    for (int i = request.header(HeaderName.CONTACT); i >= 0; i = request.nextHeader(i)) {
      int at = request.valueStart(i);
      while (at >= 0 && contact.parse(request.text(), at, request.valueEnd(i))) {
        final ParamCursor params = contact.params();
        while (params.next()) {
          if (params.is(REG_ID)) {
            return true;
          }
        }
        at = contact.next();
      }
    }
    return false;
  }
}
