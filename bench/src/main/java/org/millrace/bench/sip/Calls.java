package org.millrace.bench.sip;

import java.nio.charset.StandardCharsets;

/** An INVITE of a browser, about 700 bytes long, and what a core answers. */
final class Calls {
  private static final String SDP =
      """
      v=0
      o=- 4611731400430051336 2 IN IP4 127.0.0.1
      s=-
      t=0 0
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      c=IN IP4 0.0.0.0
      a=setup:actpass
      a=mid:0
      a=sendrecv
      a=rtcp-mux
      a=rtpmap:111 opus/48000/2
      """
          .replace("\n", "\r\n");

  private Calls() {}

  static byte[] invite() {
    return bytes(
        """
        INVITE sip:bob@example.com SIP/2.0
        Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK4711002
        Max-Forwards: 69
        To: <sip:bob@example.com>
        From: "Alice" <sip:alice@example.com>;tag=al1ce
        Call-ID: call-0001-d8f3nm2qpz
        CSeq: 1 INVITE
        Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws;ob>
        Content-Type: application/sdp
        Session-Expires: 90
        Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY
        Supported: timer,ice,replaces,outbound
        User-Agent: JsSIP 3.13.8
        Content-Length: %d

        """
            .formatted(SDP.length()));
  }

  private static byte[] bytes(String head) {
    return (head.replace("\n", "\r\n") + SDP).getBytes(StandardCharsets.US_ASCII);
  }

  /** The 200 that answers a request as the core got it. */
  static byte[] ok(byte[] forwarded) {
    final StringBuilder answer = new StringBuilder("SIP/2.0 200 OK\r\n");
    final String request = new String(forwarded, StandardCharsets.US_ASCII);
    for (final String line : request.lines().takeWhile(any -> !any.isEmpty()).toList()) {
      if (line.startsWith("To:")) {
        answer.append(line).append(";tag=b0b\r\n");
      } else if (line.matches("(Via|Record-Route|From|Call-ID|CSeq):.*")) {
        answer.append(line).append("\r\n");
      }
    }
    answer
        .append("Contact: <sip:bob@10.0.0.20:5060>\r\n")
        .append("Content-Type: application/sdp\r\n")
        .append("Content-Length: " + SDP.length() + "\r\n\r\n")
        .append(SDP);
    return answer.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
