package org.millrace.bench.sip;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.text.ParseException;

/** Java's reference SIP stack: reads a message and writes it again, and no more than that. */
final class JainSip {
  private final StringMsgParser parser = new StringMsgParser();

  byte[] parseAndEncode(byte[] message) throws ParseException {
    final SIPMessage parsed = parser.parseSIPMessage(message, true, false, null);
    return parsed.encodeAsBytes("udp");
  }
}
