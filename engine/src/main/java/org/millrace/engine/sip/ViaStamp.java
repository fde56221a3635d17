package org.millrace.engine.sip;

/**
 * Writes into the topmost Via of a request where it came from, as far as that is asked for (RFC
 * 3261 section 18.2.1, RFC 3581 section 4; B-9, C-42).
 */
final class ViaStamp {
  private static final byte[] RECEIVED = Octets.ascii(";received=");

  private final byte[] address = new byte[AddressText.LONGEST];

  /**
   * For a request of a client: only where rport asks, so that the Via stays as it is otherwise.
   *
   * @param always whether received is added in any case.
   */
  static void client(Splice splice, SipMessage request, Flow flow, boolean always) {
    final ViaValue via = request.topVia();
    if (flow.received().length == 0) {
      return;
    }
    final boolean asked = via.emptyRportEnd() >= 0;
    if (asked) {
      splice.insert(via.emptyRportEnd()).put(flow.rport());
    }
    if (!asked && !always) {
      return;
    }
    if (via.receivedLength() >= 0) {
      final int start = via.receivedOffset();
      splice
          .replace(start, start + via.receivedLength())
          .put(flow.received(), RECEIVED.length, flow.received().length - RECEIVED.length);
    } else {
      splice.insert(asked ? via.emptyRportEnd() : via.end()).put(flow.received());
    }
  }

  /** For a request of the core: wherever its Via does not tell, or rport asks. */
  void core(Splice splice, SipMessage request, CoreHop hop) {
    final byte[] buffer = request.text();
    final ViaValue via = request.topVia();
    final int length = AddressText.write(hop.address(), hop.addressLength(), address);
    final boolean asked = via.emptyRportEnd() >= 0;
    if (asked) {
      splice.insert(via.emptyRportEnd()).put('=').putDecimal(hop.port());
    }
    if (!via.hasRport() && isSentBy(buffer, via, length)) {
      return;
    }
    if (via.receivedLength() >= 0) {
      final int start = via.receivedOffset();
      splice.replace(start, start + via.receivedLength()).put(address, 0, length);
    } else {
      splice.insert(asked ? via.emptyRportEnd() : via.end()).put(RECEIVED).put(address, 0, length);
    }
  }

  private boolean isSentBy(byte[] buffer, ViaValue via, int length) {
    final boolean bracketed = buffer[via.hostOffset()] == '[';
    final int offset = via.hostOffset() + (bracketed ? 1 : 0);
    if (via.hostLength() - (bracketed ? 2 : 0) != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Octets.lower(buffer[offset + i]) != address[i]) {
        return false;
      }
    }
    return true;
  }
}
