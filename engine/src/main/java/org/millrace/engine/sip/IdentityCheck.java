package org.millrace.engine.sip;

/** Whether a request says that it is of whom its flow belongs to (B-23). One instance a router. */
final class IdentityCheck {
  private final SipUri uri = new SipUri();
  private final ByteKey probe = ByteKey.probe();

  /**
   * Compares From, and To of REGISTER.
   *
   * @param inDialog then only the user counts: the callee's From is the address that it was called
   *     by, under whatever name of the core's.
   */
  boolean isRight(Flow flow, SipMessage request, boolean inDialog) {
    final Identity identity = flow.identity();
    if (identity == null) {
      return true;
    }
    return isOf(identity, request.text(), request.from(), inDialog)
        && (request.method() != SipMethod.REGISTER
            || isOf(identity, request.text(), request.to(), false));
  }

  private boolean isOf(Identity identity, byte[] buffer, NameAddr who, boolean userOnly) {
    return uri.parse(buffer, who.uriOffset(), who.uriLength())
        && uri.isSip()
        && identity.matches(buffer, uri, userOnly, probe);
  }
}
