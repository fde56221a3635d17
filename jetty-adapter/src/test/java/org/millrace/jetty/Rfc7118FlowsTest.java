package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;
import org.millrace.jetty.harness.UdpCore;

/**
 * The flows of RFC 7118 section 8 with real sockets (B-25 to B-30): Alice with a browser, the edge
 * as the proxy, and the registrar and Bob behind it over TCP.
 */
@Timeout(120)
class Rfc7118FlowsTest {
  private static final int WAIT_MS = 30_000;

  private static final String REGISTER =
      """
      REGISTER sip:example.com SIP/2.0
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKasudf
      From: sip:alice@example.com;tag=65bnmj.34asd
      To: sip:alice@example.com
      Call-ID: aiuy7k9njasd
      CSeq: 1 REGISTER
      Max-Forwards: 70
      Supported: path, outbound, gruu
      Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:f81-7dec-14a06cf1>"

      """;

  private static final String CONTACT =
      """
      Contact: <sip:alice@example.com;gr=urn:uuid:f81-7dec-14a06cf1;ob>
      """;

  private static final String INVITE =
      """
      INVITE sip:bob@example.com SIP/2.0
      Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks
      From: sip:alice@example.com;tag=asdyka899
      To: sip:bob@example.com
      Call-ID: asidkj3ss
      CSeq: 1 INVITE
      Max-Forwards: 70
      Supported: path, outbound, gruu
      Route: <sip:127.0.0.1:EDGE;transport=ws;lr>
      """
          + CONTACT
          + """
            Content-Type: application/sdp
            Content-Length: 6

            v=0\r
            s""";

  @TempDir private static Path directory;

  private static String crlf(String lines) {
    return lines.replace("\r", "").replace("\n", "\r\n");
  }

  private static List<String> values(String message, String name) {
    return message
        .split("\r\n\r\n", 2)[0]
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .toList();
  }

  private static String readMessage(Socket socket) throws IOException {
    final DataInputStream in = new DataInputStream(socket.getInputStream());
    final StringBuilder message = new StringBuilder();
    while (message.indexOf("\r\n\r\n") < 0) {
      message.append((char) in.readUnsignedByte());
      if (message.toString().isBlank()) {
        message.setLength(0); // a keep-alive
      }
    }
    final int body = Integer.parseInt(values(message.toString(), "Content-Length").get(0));
    return message + new String(in.readNBytes(body), StandardCharsets.UTF_8);
  }

  private static void write(Socket socket, String message) throws IOException {
    socket.getOutputStream().write(message.getBytes(StandardCharsets.UTF_8));
  }

  private static String via(Socket core, String branch) {
    return "SIP/2.0/TCP 127.0.0.1:" + core.getLocalPort() + ";branch=" + branch;
  }

  @Test
  void aliceRegistersCallsBobAndBobHangsUp() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestEdge edge =
            new TestEdge(
                directory,
                "core-sockets.tcp",
                "{ transport = tcp, host = 127.0.0.1, port = 0 }",
                "upstreams.pbx.targets",
                "[\"sip:127.0.0.1:" + server.getLocalPort() + ";transport=tcp\"]",
                "upstreams.pbx.health.enabled",
                "false",
                "paths.sip.upstream",
                "pbx")) {
      server.setSoTimeout(WAIT_MS);
      try (Socket core = server.accept();
          RawClient alice = edge.open(true, "/", "sip")) {
        core.setSoTimeout(WAIT_MS);
        final String path = register(alice, core);
        assertThat(path).contains(";ob>");
        final String edgePort = Integer.toString(edge.wss().getPort());
        final List<String> recorded = call(alice, core, edgePort);
        hangUp(alice, core, recorded);
      }
    }
  }

  /** Section 8.1, F1 and F2. Returns the Path. */
  private static String register(RawClient alice, Socket core) throws IOException {
    alice.sendText(crlf(REGISTER));
    final String register = readMessage(core);
    assertThat(values(register, "Via")).hasSize(2);
    assertThat(values(register, "Path")).hasSize(1);
    assertThat(values(register, "Contact")).isEqualTo(values(crlf(REGISTER), "Contact"));
    final String contact =
        values(register, "Contact").get(0) + ";pub-gruu=\"sip:alice@example.com;gr=urn:uuid:f81\"";
    final String fields =
        "Path: " + values(register, "Path").get(0) + "\r\nRequire: outbound\r\nContact: " + contact;
    write(core, UdpCore.answer(register, "200 OK\r\n" + fields));
    final String ok = alice.readFrame().text();
    assertThat(ok).startsWith("SIP/2.0 200 OK\r\n");
    assertThat(values(ok, "Via")).isEqualTo(values(crlf(REGISTER), "Via"));
    assertThat(values(ok, "Contact")).containsExactly(contact);
    return values(register, "Path").get(0);
  }

  /** Section 8.2, F1 to F7; F2 is of a stateful proxy. Returns what was recorded. */
  private static List<String> call(RawClient alice, Socket core, String edgePort)
      throws IOException {
    final String sent = crlf(INVITE).replace("EDGE", edgePort);
    alice.sendText(sent);
    final String invite = readMessage(core);
    assertThat(values(invite, "Route")).isEmpty();
    assertThat(values(invite, "Max-Forwards")).containsExactly("69");
    assertThat(values(invite, "Via").get(0)).startsWith("SIP/2.0/TCP 127.0.0.1:");
    assertThat(values(invite, "Via").subList(1, 2)).isEqualTo(values(sent, "Via"));
    final List<String> recorded = values(invite, "Record-Route");
    assertThat(recorded).hasSize(2);
    assertThat(recorded.get(0)).matches("<sip:127\\.0\\.0\\.1:\\d+;transport=tcp;lr>");
    assertThat(recorded.get(1))
        .matches("<sip:[A-Za-z0-9_-]{40}@127\\.0\\.0\\.1:" + edgePort + ";transport=ws;lr>");
    assertThat(invite).endsWith(sent.substring(sent.indexOf("Contact: ")));

    final String bob = "\r\nContact: <sip:bob@127.0.0.1:" + core.getLocalPort() + ";transport=tcp>";
    write(
        core,
        UdpCore.answer(invite, "200 OK" + bob)
            .replaceFirst(";eloop=[0-9a-f]*", "$0;received=127.0.0.1")
            .replace("To: sip:bob@example.com", "To: sip:bob@example.com;tag=bmqkjhsd"));
    final String ok = alice.readFrame().text();
    assertThat(values(ok, "Via")).isEqualTo(values(sent, "Via"));
    assertThat(values(ok, "Record-Route")).isEqualTo(recorded);

    alice.sendText(
        crlf(
            """
            ACK sip:bob@127.0.0.1:%d;transport=tcp SIP/2.0
            Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKhgqqp090
            Route: %s
            Route: %s
            From: sip:alice@example.com;tag=asdyka899
            To: sip:bob@example.com;tag=bmqkjhsd
            Call-ID: asidkj3ss
            CSeq: 1 ACK
            Max-Forwards: 70

            """
                .formatted(core.getLocalPort(), recorded.get(1), recorded.get(0))));
    final String ack = readMessage(core);
    assertThat(ack).startsWith("ACK sip:bob@127.0.0.1:" + core.getLocalPort() + ";transport=tcp ");
    assertThat(values(ack, "Route")).isEmpty();
    assertThat(values(ack, "Record-Route")).isEmpty();
    assertThat(values(ack, "Via")).hasSize(2);
    assertThat(values(ack, "Max-Forwards")).containsExactly("69");
    return recorded;
  }

  /** Section 8.2, F8 to F11. */
  private static void hangUp(RawClient alice, Socket core, List<String> recorded)
      throws IOException {
    final String bye =
        crlf(
            """
            BYE sip:alice@example.com;gr=urn:uuid:f81-7dec-14a06cf1;ob SIP/2.0
            Via: %s
            Route: %s
            Route: %s
            From: sip:bob@example.com;tag=bmqkjhsd
            To: sip:alice@example.com;tag=asdyka899
            Call-ID: asidkj3ss
            CSeq: 1201 BYE
            Max-Forwards: 70
            Content-Length: 0

            """
                .formatted(via(core, "z9hG4bKbiuiansd001"), recorded.get(0), recorded.get(1)));
    write(core, bye);
    final String heard = alice.readFrame().text();
    assertThat(heard).startsWith(bye.substring(0, bye.indexOf("Via: ")));
    assertThat(values(heard, "Route")).isEmpty();
    assertThat(values(heard, "Via").get(0)).startsWith("SIP/2.0/WSS 127.0.0.1:");
    assertThat(values(heard, "Via").subList(1, 2)).isEqualTo(values(bye, "Via"));
    assertThat(values(heard, "Max-Forwards")).containsExactly("69");

    alice.sendText(UdpCore.answer(heard, "200 OK"));
    assertThat(readMessage(core)).isEqualTo(UdpCore.answer(bye, "200 OK"));
  }
}
