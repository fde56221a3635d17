package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;

/** The sub-protocol sip and its embedded core as clients meet them, over ws and wss. */
class EdgeSipTest {
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;

  @TempDir private static Path directory;

  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    edge = new TestEdge(directory);
  }

  @AfterEach
  void stop() {
    edge.close();
    assertThat(edge.events().closed()).isEqualTo(edge.events().opened());
    assertThat(edge.edge().engine().errorLog().observations()).isZero();
  }

  private RawClient open(boolean secure) throws Exception {
    return edge.open(secure, "/", "sip");
  }

  private static String request(String method, String from, String to, String fields, String body) {
    final String cseq = method.equals("REGISTER") ? "1" : "2";
    return """
        %s sip:%s SIP/2.0
        Via: SIP/2.0/WS %s.invalid;branch=z9hG4bK%s%s
        Max-Forwards: 70
        From: <sip:%s@example.com>;tag=f%s
        To: <sip:%s>
        Call-ID: call-%s-%s
        CSeq: %s %s
        %s
        """
            .formatted(
                method, to, from, from, method, from, from, to, from, method, cseq, method, fields)
            .replace("\n\n", "\n")
            .replace("\n", "\r\n")
        + "\r\n"
        + body;
  }

  private static void register(RawClient client, String user) throws IOException {
    client.sendText(
        request(
                "REGISTER",
                user,
                user + "@example.com",
                "Contact: <sip:" + user + "@" + user + ".invalid;transport=ws>;expires=300",
                "")
            .replace("REGISTER sip:" + user + "@example.com", "REGISTER sip:example.com"));
    final String answer = client.readFrame().text();
    assertThat(answer).startsWith("SIP/2.0 200 ").contains(user + ".invalid");
  }

  private static String toBob(String fields, String body) {
    return request("MESSAGE", "alice", "bob@example.com", fields, body);
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void sp01OnlyTheFirstMessageOfAFrameCounts(boolean secure) throws Exception {
    try (RawClient client = open(secure)) {
      final String options = request("OPTIONS", "alice", "example.com", "Content-Length: 0", "");
      client.sendText(options + options.replace("OPTIONS", "INFO"));
      assertThat(client.readFrame().text()).startsWith("SIP/2.0 200 ").contains("2 OPTIONS");
      client.sendText("\r\n\r\n");
      assertThat(client.readFrame().text()).isEqualTo("\r\n");
    }
    assertThat(edge.edge().core().counters().get(SipCounter.SURPLUS_MESSAGES)).isEqualTo(1);
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void sp02AShortBodyIsABadRequest(boolean secure) throws Exception {
    try (RawClient client = open(secure)) {
      client.sendText(toBob("Content-Length: 10", "abcd"));
      assertThat(client.readFrame().text()).startsWith("SIP/2.0 400 ");
    }
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void sp03ALongBodyIsCut(boolean secure) throws Exception {
    try (RawClient alice = open(secure);
        RawClient bob = open(!secure)) {
      register(bob, "bob");
      alice.sendText(toBob("Content-Length: 2", "hello"));
      assertThat(bob.readFrame().text()).startsWith("MESSAGE sip:bob@").endsWith("\r\n\r\nhe");
    }
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void sp06BytesThatAreNoUtf8Survive(boolean secure) throws Exception {
    try (RawClient alice = open(secure);
        RawClient bob = open(!secure)) {
      register(bob, "bob");
      final String message = toBob("Subject: caf\u00e9", "");
      alice.sendFrame(2, message.getBytes(StandardCharsets.ISO_8859_1));
      final RawClient.Frame binary = bob.readFrame();
      assertThat(binary.firstByte()).isEqualTo(BINARY);
      assertThat(new String(binary.payload(), StandardCharsets.ISO_8859_1))
          .contains("Subject: caf\u00e9\r\n");
      alice.sendText(message);
      assertThat(bob.readFrame().firstByte()).isEqualTo(TEXT);
      alice.sendFrame(1, message.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(alice.readFrame().closeCode()).isEqualTo(1007);
    }
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void sp08AndSp09KeepAlive(boolean secure) throws Exception {
    try (RawClient client = open(secure)) {
      client.sendHex("81 82 37 fa 21 3d 3a f0"); // a pong is not answered
      client.sendHex("81 84 37 fa 21 3d 3a f0 2c 37");
      final RawClient.Frame text = client.readFrame();
      assertThat(text.firstByte()).isEqualTo(TEXT);
      assertThat(text.text()).isEqualTo("\r\n");
      client.sendHex("82 84 37 fa 21 3d 3a f0 2c 37");
      assertThat(client.readFrame().firstByte()).isEqualTo(BINARY);
    }
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void sp13GarbageEndsTheFlow(boolean secure) throws Exception {
    try (RawClient client = open(secure)) {
      for (int i = 0; i < 11; i++) {
        client.sendText("foo");
      }
      assertThat(client.readFrame().closeCode()).isEqualTo(1003);
    }
  }

  @ParameterizedTest(name = "secure={0}")
  @ValueSource(booleans = {false, true})
  void aBindingGoesWithItsConnection(boolean secure) throws Exception {
    try (RawClient alice = open(secure)) {
      try (RawClient bob = open(!secure)) {
        register(bob, "bob");
        alice.sendText(toBob("Content-Length: 0", ""));
        assertThat(bob.readFrame().text()).startsWith("MESSAGE ");
        bob.resetOnClose();
      }
      edge.events().awaitClosed();
      alice.sendText(toBob("Content-Length: 0", "").replace("z9hG4bK", "z9hG4bK2"));
      assertThat(alice.readFrame().text()).startsWith("SIP/2.0 4");
      assertThat(edge.edge().core().bindingCount()).isZero();
    }
  }
}
