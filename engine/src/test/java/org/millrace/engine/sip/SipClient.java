package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

/**
 * A WebSocket SIP client as JsSIP is one: a random .invalid host, Contact with ob, Content-Length
 * everywhere (B-32). Text is ISO 8859-1, byte for byte.
 */
final class SipClient {
  /** A message received. */
  record Received(int opcode, String text) {}

  private final SipRig rig;
  private final String name;
  private final TestWire wire;
  private int cseq = 1;
  private int branches = 1000;

  SipClient(SipRig rig, String name, TestWire wire) {
    this.rig = rig;
    this.name = name;
    this.wire = wire;
  }

  TestWire wire() {
    return wire;
  }

  String host() {
    return name + "0host.invalid";
  }

  String address() {
    return "sip:" + name + "@example.com";
  }

  String contactUri() {
    return "sip:" + name + "@" + host() + ";transport=ws";
  }

  String instance() {
    return "+sip.instance=\"<urn:uuid:" + name + "-1111>\"";
  }

  // ---- saying ----

  /** Says a message with line ends as in Java text; those of the body stay. */
  SipClient says(String lines) {
    return saysExactly(crlf(lines));
  }

  /** CRLF for LF in the header section. */
  static String crlf(String lines) {
    final int blank = lines.indexOf("\n\n");
    final String head = blank < 0 ? lines : lines.substring(0, blank + 2);
    return head.replace("\n", "\r\n") + lines.substring(head.length());
  }

  SipClient saysExactly(String message) {
    return says(message.getBytes(ISO_8859_1), isAscii(message) ? Opcode.TEXT : Opcode.BINARY);
  }

  private static boolean isAscii(String message) {
    return message.chars().allMatch(c -> c < 128);
  }

  SipClient says(byte[] message, int opcode) {
    wire.deliver(frame(message, opcode));
    rig.step();
    return this;
  }

  static byte[] frame(byte[] message, int opcode) {
    return ReferenceEncoder.frame(opcode, Bytes.of(message)).masked().encode().toArray();
  }

  // ---- hearing ----

  /** All messages since the last call. */
  List<Received> hearsAll() {
    rig.step();
    final List<Received> messages = new ArrayList<>();
    final byte[] stream = wire.takeWritten();
    int at = 0;
    while (at < stream.length) {
      int length = stream[at + 1] & 0x7F;
      int header = 2;
      if (length == 126) {
        length = ((stream[at + 2] & 0xFF) << 8) | (stream[at + 3] & 0xFF);
        header = 4;
      } else if (length == 127) {
        length = 0;
        for (int i = 0; i < 8; i++) {
          length = (length << 8) | (stream[at + 2 + i] & 0xFF);
        }
        header = 10;
      }
      final String text = new String(stream, at + header, length, ISO_8859_1);
      messages.add(new Received(stream[at] & 0xF, text));
      at += header + length;
    }
    return messages;
  }

  /** The one message since the last call. */
  String hears() {
    final List<Received> messages = hearsAll();
    assertThat(messages).as("messages to " + name).hasSize(1);
    return messages.get(0).text();
  }

  void hearsNothing() {
    assertThat(hearsAll()).as("messages to " + name).isEmpty();
  }

  // ---- SIP ----

  String register(int expires) {
    return register(expires, "");
  }

  /**
   * A REGISTER as JsSIP writes it.
   *
   * @param more header lines.
   */
  String register(int expires, String more) {
    return request("REGISTER", "sip:example.com", address(), "", "reg-" + name, cseq++)
        + "Contact: <"
        + contactUri()
        + ">;reg-id=1;"
        + instance()
        + ";expires="
        + expires
        + "\n"
        + "Expires: "
        + expires
        + "\n"
        + more
        + "Supported: path,gruu,outbound\nUser-Agent: JsSIP 3.10\nContent-Length: 0\n\n";
  }

  SipClient registered() {
    says(register(600));
    assertThat(hears()).startsWith("SIP/2.0 200 OK\r\n");
    return this;
  }

  /** Start line, Via, Max-Forwards, To, From, Call-ID and CSeq. */
  String request(String method, String uri, String to, String toTag, String callId, int number) {
    return method
        + " "
        + uri
        + " SIP/2.0\nVia: SIP/2.0/WSS "
        + host()
        + ";branch=z9hG4bK"
        + branches++
        + "\nMax-Forwards: 69\nTo: <"
        + to
        + ">"
        + (toTag.isEmpty() ? "" : ";tag=" + toTag)
        + "\nFrom: \""
        + name
        + "\" <"
        + address()
        + ">;tag="
        + name
        + "tag\nCall-ID: "
        + callId
        + "\nCSeq: "
        + number
        + " "
        + method
        + "\n";
  }

  String invite(String user, String callId) {
    return invite(user, callId, "");
  }

  String invite(String user, String callId, String more) {
    final String to = "sip:" + user + "@example.com";
    return request("INVITE", to, to, "", callId, 1)
        + more
        + "Contact: <"
        + contactUri()
        + ";ob>\nContent-Type: application/sdp\nAllow: INVITE,ACK,CANCEL,BYE\n"
        + "Supported: outbound\nContent-Length: 5\n\nv=0\r\n";
  }

  String message(String user, String body) {
    final String to = "sip:" + user + "@example.com";
    return request("MESSAGE", to, to, "", "msg-" + name + cseq, cseq++)
        + "Content-Type: text/plain\nContent-Length: "
        + body.length()
        + "\n\n"
        + body;
  }

  /** An answer as a UAS makes it: Vias, Record-Routes, From, Call-ID, CSeq copied. */
  String answer(String request, int status, String more) {
    final StringBuilder answer = new StringBuilder("SIP/2.0 " + status + " Answer\n");
    for (final String line : lines(request)) {
      final String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("to:") && !line.contains(";tag=") && status > 100) {
        answer.append(line).append(";tag=").append(name).append("tag\n");
      } else if (lower.matches("(via|v|to|from|call-id|cseq|record-route):.*")) {
        answer.append(line).append('\n');
      }
    }
    return answer + more + "Content-Length: 0\n\n";
  }

  static List<String> lines(String message) {
    return List.of(message.substring(0, message.indexOf("\r\n\r\n")).split("\r\n", -1));
  }

  /** The values of a header field, one a line. */
  static List<String> values(String message, String header) {
    final List<String> values = new ArrayList<>();
    for (final String line : lines(message)) {
      if (line.startsWith(header + ": ")) {
        values.add(line.substring(header.length() + 2));
      }
    }
    return values;
  }

  static String startLine(String message) {
    return message.substring(0, message.indexOf("\r\n"));
  }
}
