package org.millrace.engine.sip;

/** What an answer to OPTIONS tells of this side (RFC 3261 section 11.2). */
final class Capabilities {
  private static final byte[] LINES =
      Octets.ascii(
          "Allow: INVITE, ACK, CANCEL, BYE, REGISTER, OPTIONS, MESSAGE, SUBSCRIBE, NOTIFY, REFER,"
              + " INFO, UPDATE, PRACK, PUBLISH\r\n"
              + "Accept: */*\r\n"
              + "Supported: path, outbound\r\n");

  private Capabilities() {}

  static void put(SipWriter answer) {
    answer.put(LINES);
  }
}
