package org.millrace.bench.load.sip;

import java.util.Locale;

/**
 * The requests of a load's users, made once for all of them. A request's number is in its branch,
 * behind a letter that says which of a user's requests it is.
 */
public final class SipTexts {
  /** Begins the branches of all of these requests. */
  static final String BRANCH = "z9hG4bK-mr-";

  /** Of the request that is measured. */
  static final char MEASURED = 'm';

  /** Of the REGISTER that comes before. */
  static final char REGISTRATION = 'r';

  /** Of a BYE. */
  static final char BYE = 'b';

  /** Of an ACK. */
  static final char ACK = 'a';

  private static final String SDP =
      """
      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      c=IN IP4 127.0.0.1
      t=0 0
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      a=rtpmap:111 opus/48000/2
      a=sendrecv
      """
          .replace("\n", "\r\n");

  private final String domain;
  private final String run;

  /**
   * Those of a run.
   *
   * @param run tells its calls from those of other runs.
   */
  public SipTexts(String domain, long run) {
    this.domain = domain;
    this.run = String.format(Locale.ROOT, "%08x", run & 0xFFFFFFFFL);
  }

  private static String address(String user, String domain) {
    return "sip:u" + user + "@" + domain;
  }

  static String contact(String user) {
    return "<sip:u" + user + "@u" + user + ".invalid;transport=ws>";
  }

  private String head(String method, String target, String to, char kind) {
    return String.join(
        "\r\n",
        method + " " + target + " SIP/2.0",
        "Via: SIP/2.0/WS u"
            + Template.USER
            + ".invalid;branch="
            + BRANCH
            + kind
            + Template.SEQUENCE,
        "Max-Forwards: 70",
        "To: <" + to + ">",
        "From: <" + address(Template.USER, domain) + ">;tag=" + run + Template.USER,
        "");
  }

  Template register(char kind, int expires) {
    final String registrar = "sip:" + domain;
    return new Template(
        head("REGISTER", registrar, address(Template.USER, domain), kind)
            + String.join(
                "\r\n",
                "Call-ID: " + run + "-register-" + Template.USER,
                "CSeq: 1" + Template.SEQUENCE + " REGISTER",
                "Contact: " + contact(Template.USER) + ";expires=" + expires,
                "Allow: INVITE,ACK,CANCEL,BYE,MESSAGE,OPTIONS",
                "User-Agent: millrace-bench",
                "Content-Length: 0",
                "",
                ""));
  }

  Template options() {
    final String server = "sip:" + domain;
    return new Template(
        head("OPTIONS", server, server, MEASURED)
            + String.join(
                "\r\n",
                callId(),
                "CSeq: 1" + Template.SEQUENCE + " OPTIONS",
                "Contact: " + contact(Template.USER),
                "Accept: application/sdp",
                "Allow: INVITE,ACK,CANCEL,BYE,MESSAGE,OPTIONS",
                "User-Agent: millrace-bench",
                "Content-Length: 0",
                "",
                ""));
  }

  Template message(int payload) {
    final String partner = address(Template.PARTNER, domain);
    return new Template(
        head("MESSAGE", partner, partner, MEASURED)
            + String.join(
                "\r\n",
                callId(),
                "CSeq: 1" + Template.SEQUENCE + " MESSAGE",
                "Content-Type: text/plain",
                "User-Agent: millrace-bench",
                "Content-Length: " + payload,
                "",
                "x".repeat(payload)));
  }

  Template invite() {
    final String partner = address(Template.PARTNER, domain);
    return new Template(
        head("INVITE", partner, partner, MEASURED)
            + String.join(
                "\r\n",
                callId(),
                "CSeq: 1 INVITE",
                "Contact: " + contact(Template.USER),
                "Allow: INVITE,ACK,CANCEL,BYE,MESSAGE,OPTIONS",
                "User-Agent: millrace-bench",
                "Content-Type: application/sdp",
                "Content-Length: " + SDP.length(),
                "",
                SDP));
  }

  private String callId() {
    return "Call-ID: " + run + "-" + Template.USER + "-" + Template.SEQUENCE;
  }

  /** A user's number as it is written. */
  static String digits(int user) {
    return String.format(Locale.ROOT, "%08d", user);
  }

  /** A request's number as it is written. */
  static String digits(long sequence) {
    return String.format(Locale.ROOT, "%09d", sequence);
  }

  /** A request within a call. */
  String within(Call call, String method, char kind, int number) {
    final String user = digits(call.user());
    final String sequence = digits(call.sequence());
    return method
        + " "
        + call.target()
        + " SIP/2.0\r\nVia: SIP/2.0/WS u"
        + user
        + ".invalid;branch="
        + BRANCH
        + kind
        + sequence
        + "\r\nMax-Forwards: 70\r\n"
        + call.routes()
        + call.to()
        + "\r\nFrom: <"
        + address(user, domain)
        + ">;tag="
        + run
        + user
        + "\r\nCall-ID: "
        + run
        + "-"
        + user
        + "-"
        + sequence
        + "\r\nCSeq: "
        + number
        + " "
        + method
        + "\r\nUser-Agent: millrace-bench\r\nContent-Length: 0\r\n\r\n";
  }

  /** The ACK for an INVITE that was refused: of the same transaction. */
  String refused(Call call, int partner) {
    return within(
        new Call(call.user(), call.sequence(), address(digits(partner), domain), "", call.to()),
        "ACK",
        MEASURED,
        1);
  }

  /** What ends the 200 of somebody who is called. */
  static String accepted(int user) {
    return "Contact: "
        + contact(digits(user))
        + "\r\nContent-Type: application/sdp\r\nContent-Length: "
        + SDP.length()
        + "\r\n\r\n"
        + SDP;
  }
}
