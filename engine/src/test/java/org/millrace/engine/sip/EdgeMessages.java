package org.millrace.engine.sip;

/** The messages of the EP vectors, with line ends as in Java text. */
final class EdgeMessages {
  static final String HOST = "df7jal23ls0d.invalid";
  static final String RR_CORE = "<sip:10.0.0.7:5060;transport=tcp;lr>";
  static final String RR_CLIENT =
      "<sip:" + EdgeRig.ALICE_TOKEN + "@edge.example.com:443;transport=ws;lr>";
  static final String PATH_ROUTE =
      "<sip:" + EdgeRig.ALICE_TOKEN + "@10.0.0.7:5060;transport=tcp;lr;ob>";

  static final String REGISTER =
      """
      REGISTER sip:example.com SIP/2.0
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711001
      Max-Forwards: 70
      To: <sip:alice@example.com>
      From: <sip:alice@example.com>;tag=f1a2
      Call-ID: reg-aaa111
      CSeq: 1 REGISTER
      Contact: <sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";expires=600
      Supported: path, gruu, outbound
      Content-Length: 0

      """;

  static final String REGISTER_VIA =
      "Via: SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKe1.GyDprCm0TvXeemvK"
          + ";eflow=EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj;eloop=d9c4e4db\n";

  static final String INVITE =
      """
      INVITE sip:bob@example.com SIP/2.0
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711002
      Max-Forwards: 70
      To: <sip:bob@example.com>
      From: <sip:alice@example.com>;tag=al1ce
      Call-ID: call-0001
      CSeq: 1 INVITE
      Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws;ob>
      Supported: outbound
      Content-Type: application/sdp
      Content-Length: 5

      v=0\r
      """;

  static final String INVITE_VIA =
      "Via: SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKe1._IwgzN-c_9ZCo932"
          + ";eflow=EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj;eloop=2395072b\n";

  /** EP-04, without the topmost Via. */
  static final String OK =
      """
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711002
      Record-Route: <sip:10.0.0.7:5060;transport=tcp;lr>
      Record-Route: <sip:EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj@edge.example.com:443;transport=ws;lr>
      To: <sip:bob@example.com>;tag=b0b
      From: <sip:alice@example.com>;tag=al1ce
      Call-ID: call-0001
      CSeq: 1 INVITE
      Contact: <sip:bob@10.0.0.20:5060;transport=tcp>
      Content-Length: 0

      """;

  static final String ACK =
      """
      ACK sip:bob@10.0.0.20:5060;transport=tcp SIP/2.0
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK4711003
      Max-Forwards: 70
      Route: <sip:EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj@edge.example.com:443;transport=ws;lr>
      Route: <sip:10.0.0.7:5060;transport=tcp;lr>
      To: <sip:bob@example.com>;tag=b0b
      From: <sip:alice@example.com>;tag=al1ce
      Call-ID: call-0001
      CSeq: 1 ACK
      Content-Length: 0

      """;

  static final String BYE =
      """
      BYE sip:alice@df7jal23ls0d.invalid;transport=ws;ob SIP/2.0
      Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore77
      Max-Forwards: 69
      Route: <sip:10.0.0.7:5060;transport=tcp;lr>
      Route: <sip:EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj@edge.example.com:443;transport=ws;lr>
      To: <sip:alice@example.com>;tag=al1ce
      From: <sip:bob@example.com>;tag=b0b
      Call-ID: call-0001
      CSeq: 501 BYE
      Content-Length: 0

      """;

  static final String BYE_VIA =
      "Via: SIP/2.0/WSS edge.example.com:443;branch=z9hG4bKe1.S9XZiJ0szG78t9F8"
          + ";eret=IQIAAgoAAAmcsAAAAAUAAAABM_3JruK59AGiumpV5gmlPQ;eloop=f660b87c\n";

  /** EP-24. */
  static final String CORE_INVITE =
      """
      INVITE sip:u8k2p0qz@df7jal23ls0d.invalid;transport=ws SIP/2.0
      Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore88
      Max-Forwards: 70
      Route: <sip:EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj@10.0.0.7:5060;transport=tcp;lr;ob>
      To: <sip:alice@example.com>
      From: <sip:carol@example.com>;tag=caro1
      Call-ID: call-0002
      CSeq: 31862 INVITE
      Contact: <sip:carol@10.0.0.21:5060>
      Content-Length: 0

      """;

  private EdgeMessages() {}

  /** The answer to a BYE, without its topmost Via. */
  static final String BYE_OK =
      """
      Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKcore77
      To: <sip:alice@example.com>;tag=al1ce
      From: <sip:bob@example.com>;tag=b0b
      Call-ID: call-0001
      CSeq: 501 BYE
      Content-Length: 0

      """;

  static String without(String message, String... lines) {
    String rest = message;
    for (final String line : lines) {
      if (!rest.contains(line)) {
        throw new AssertionError("no " + line + " in " + message);
      }
      rest = rest.replace(line, "");
    }
    return rest;
  }

  static String replaced(String message, String line, String by) {
    if (!message.contains(line)) {
      throw new AssertionError("no " + line + " in " + message);
    }
    return message.replace(line, by);
  }

  /** With lines put in front of a header field. */
  static String before(String message, String header, String lines) {
    return replaced(message, "\n" + header + ": ", "\n" + lines + header + ": ");
  }

  /** A request in the same transaction: CANCEL, or the ACK of a failure. */
  static String sameTransaction(String invite, String method, String toTag) {
    return SipClient.crlf(invite)
            .split("\r\n\r\n", 2)[0]
            .replace("\r\n", "\n")
            .replaceFirst("INVITE ", method + " ")
            .replaceFirst("CSeq: (\\d+) INVITE", "CSeq: $1 " + method)
            .replaceFirst("(\nTo: [^\n]*)", "$1" + toTag)
            .replaceFirst("\nContent-Type: [^\n]*", "")
            .replaceFirst("\nContent-Length: [^\n]*", "\nContent-Length: 0")
        + "\n\n";
  }
}
