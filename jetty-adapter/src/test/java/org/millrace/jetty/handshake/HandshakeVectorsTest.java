package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.handshake.Refusals.assertHelp;
import static org.millrace.jetty.handshake.Refusals.assertRefused;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.PathConfig.SubProtocolPreference;

/** The HS vectors, byte for byte over sockets, in profile strict. */
class HandshakeVectorsTest extends HandshakeTest {
  @Test
  void hs01BaseRequestIsAccepted() {
    try (RawClient client = connect()) {
      final RawClient.Answer answer = client.send(Requests.base().text()).answer();
      assertThat(answer.reason()).isEqualTo("Switching Protocols");
      assertAccepted(answer, "sip");
      assertThat(answer.values("sec-websocket-accept"))
          .containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(answer.values("connection")).containsExactly("Upgrade");
      client.send("abc");
      assertThat(client.bytes(3)).asString().isEqualTo("abc");
    }
    assertThat(edge.counters.successfulHandshakes()).isEqualTo(1);
    assertThat(edge.counters.successfulHandshakes(EdgeSubProtocol.SIP)).isEqualTo(1);
    assertThat(edge.threads.remove().getName()).startsWith("edge-");
  }

  @Test
  void hs01AtEverySplit() throws InterruptedException {
    final String request = Requests.base().text();
    for (int split = 1; split < request.length(); split += 7) {
      try (RawClient client = connect()) {
        client.send(request.substring(0, split)).send(request.substring(split));
        assertAccepted(client.answer(), "sip");
      }
      assertThat(edge.accepted.take().subProtocol()).isEqualTo(EdgeSubProtocol.SIP);
    }
  }

  @Test
  void hs01ByteByByte() {
    try (RawClient client = connect()) {
      for (char c : Requests.base().text().toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertAccepted(client.answer(), "sip");
    }
  }

  @Test
  void hs02KeyWithPadBitsIsHashedAsSent() {
    final RawClient.Answer answer =
        answer(Requests.base().with("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEC=="));
    assertThat(answer.values("sec-websocket-accept"))
        .containsExactly("OfS0wDaT5NoxF2gqm7Zj2YtetzM=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAAAAAAAAAAAAAAAAAAAAAAA", // HS-03
        "dGhlIHNhbXBsZSBub25jZQ", // HS-15
        "dGhlIHNhbXBsZSBub25jZQ=", // HS-16
        "dGhlIHNhbXBsZSBub25j ZQ==",
        "dGhlIHNhbXBsZSBub25jZ-==",
        ""
      })
  void hs03Hs15Hs16BadKeysAreRefused(String key) {
    assertHelp(answer(Requests.base().with("Sec-WebSocket-Key", key)), "sip");
  }

  @Test
  void hs04OldVersionIsToldTheNewOne() {
    final Requests old = Requests.base().with("Sec-WebSocket-Version", "8");
    for (Requests request : List.of(old, old.without("Sec-WebSocket-Key"))) {
      final RawClient.Answer answer = answer(request);
      assertRefused(answer, 426);
      assertThat(answer.values("sec-websocket-version")).containsExactly("13");
      assertThat(answer.values("upgrade")).containsExactly("websocket");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "013", "256", "-1", "13 ,13", "+13", "1a", "99999999999"})
  void malformedVersionIsNotAnOldOne(String version) {
    assertHelp(answer(Requests.base().with("Sec-WebSocket-Version", version)), "sip");
  }

  @Test
  void hs05MissingVersionGetsHelp() {
    assertHelp(answer(Requests.base().without("Sec-WebSocket-Version")), "sip");
  }

  @Test
  void hs06WrongMethod() {
    final RawClient.Answer answer = answer(Requests.base().line("POST /ws HTTP/1.1"));
    assertRefused(answer, 405);
    assertThat(answer.values("allow")).containsExactly("GET");
  }

  @Test
  void hs07TokenLists() {
    assertAccepted(
        answer(
            Requests.base().with("Connection", "keep-alive, UPGRADE").with("Upgrade", "WebSocket")),
        "sip");
  }

  @Test
  void hs08SubstringIsNotAToken() {
    assertHelp(answer(Requests.base().with("Connection", "noupgrade")), "sip");
    assertHelp(answer(Requests.base().with("Upgrade", "websocket2")), "sip");
  }

  @Test
  void hs09TheClientsOrderDecides() {
    config.subProtocols = List.of(EdgeSubProtocol.SIP, EdgeSubProtocol.MSRP);
    config.tlsTerminatedUpstream = true;
    assertAccepted(answer(Requests.base().with("Sec-WebSocket-Protocol", "msrp, sip")), "msrp");
    assertThat(edge.accepted.remove().subProtocol()).isEqualTo(EdgeSubProtocol.MSRP);
  }

  @Test
  void hs09OrTheServersOrderDoes() {
    config.subProtocols = List.of(EdgeSubProtocol.SIP, EdgeSubProtocol.MSRP);
    config.tlsTerminatedUpstream = true;
    config.preference = SubProtocolPreference.SERVER;
    assertAccepted(answer(Requests.base().with("Sec-WebSocket-Protocol", "msrp, sip")), "sip");
  }

  @Test
  void hs09MsrpNeedsTls() {
    config.subProtocols = List.of(EdgeSubProtocol.SIP, EdgeSubProtocol.MSRP);
    assertAccepted(answer(Requests.base().with("Sec-WebSocket-Protocol", "msrp, sip")), "sip");
    assertHelp(answer(Requests.base().with("Sec-WebSocket-Protocol", "msrp")), "sip");
  }

  @Test
  void hs10NearMiss() {
    assertHelp(answer(Requests.base().with("Sec-WebSocket-Protocol", "sips, xsip")), "sip");
  }

  @Test
  void hs11TheClientsSpellingIsRepeated() {
    assertAccepted(answer(Requests.base().with("Sec-WebSocket-Protocol", "SIP")), "SIP");
  }

  @Test
  void hs12RepeatedListHeader() {
    assertAccepted(
        answer(
            Requests.base()
                .with("Sec-WebSocket-Protocol", "chat")
                .plus("Sec-WebSocket-Protocol: , sip")),
        "sip");
  }

  @Test
  void hs13NoSubProtocol() {
    assertHelp(answer(Requests.base().without("Sec-WebSocket-Protocol")), "sip");
  }

  @Test
  void a08EchoPathNeedsNoSubProtocol() {
    config.subProtocols = List.of(EdgeSubProtocol.ECHO);
    config.subProtocolRequired = false;
    final RawClient.Answer answer = answer(Requests.base().without("Sec-WebSocket-Protocol"));
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.values("sec-websocket-protocol")).isEmpty();
    assertThat(edge.accepted.remove().subProtocol()).isEqualTo(EdgeSubProtocol.ECHO);
    assertHelp(answer(Requests.base().with("Sec-WebSocket-Protocol", "chat")), "echo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Origin: https://app.example.com"
      })
  void hs14RepeatedSingleValuedHeaders(String second) {
    assertRefused(answer(Requests.base().plus(second)), 400);
  }

  @Test
  void hs17Origin() {
    config.origins = List.of("https://app.example.com");
    assertAccepted(answer(Requests.base().with("Origin", "https://APP.example.com:443")), "sip");
    assertRefused(answer(Requests.base().with("Origin", "https://app.example.com.evil.test")), 403);
    assertRefused(answer(Requests.base().with("Origin", "null")), 403);
    assertRefused(answer(Requests.base().with("Origin", "app.example.com")), 400);
    assertAccepted(answer(Requests.base().without("Origin")), "sip");
  }

  @Test
  void hs17MissingOriginWhereItIsRequired() {
    config.requireOrigin = true;
    assertRefused(answer(Requests.base().without("Origin")), 403);
  }

  @Test
  void hs18Host() {
    config.hosts = List.of("edge.example.com");
    assertRefused(answer(Requests.base().without("Host")), 400);
    assertRefused(answer(Requests.base().plus("Host: edge.example.com")), 400);
    assertRefused(answer(Requests.base().with("Host", "other.test")), 403);
    assertRefused(answer(Requests.base().with("Host", "a b")), 400);
    assertAccepted(answer(Requests.base().with("Host", "EDGE.example.com.:80")), "sip");
  }

  @Test
  void hs19ProtocolVersion() {
    assertRefused(answer(Requests.base().line("GET /ws HTTP/1.0")), 400);
    assertRefused(answer(Requests.base().line("GET /ws HTTP/2.0")), 505);
    assertRefused(answer(Requests.base().line("GET /ws HTTP/1.1x")), 400);
    assertRefused(answer(Requests.base().line("GET /ws")), 400);
    assertAccepted(answer(Requests.base().line("GET /ws HTTP/1.2")), "sip");
  }

  @Test
  void hs20Path() {
    assertRefused(answer(Requests.base().line("GET /nope HTTP/1.1")), 404);
    assertRefused(answer(Requests.base().line("GET /w%73 HTTP/1.1")), 404);
    assertRefused(answer(Requests.base().line("GET * HTTP/1.1")), 404);
    assertAccepted(answer(Requests.base().line("GET /ws?token=secret HTTP/1.1")), "sip");
    assertAccepted(answer(Requests.base().line("GET https://edge.example.com/ws HTTP/1.1")), "sip");
  }

  @Test
  void hs21SwitchedOff() {
    try (RawClient open = connect()) {
      assertAccepted(open.send(Requests.base().text()).answer(), "sip");
      edge.gate.disable();
      final RawClient.Answer answer = answer(Requests.base().with("Sec-WebSocket-Version", "8"));
      assertRefused(answer, 503);
      assertThat(answer.values("retry-after")).containsExactly("7");
      open.send("still");
      assertThat(open.bytes(5)).asString().isEqualTo("still");
      edge.gate.enable();
      assertAccepted(answer(Requests.base()), "sip");
    }
  }

  @Test
  void a53DrainingIsForGood() {
    connect().close();
    edge.gate.drain();
    edge.gate.enable();
    assertRefused(answer(Requests.base()), 503);
  }

  @Test
  void hs22Limits() {
    assertRefused(answer(Requests.base().plus("X: " + "x".repeat(17 * 1024))), 431);
    assertRefused(
        answer(Requests.base().line("GET /ws?" + "x".repeat(9 * 1024) + " HTTP/1.1")), 414);
    final String[] hundred = new String[100 - 7];
    java.util.Arrays.fill(hundred, "X: y");
    assertAccepted(answer(Requests.base().plus(hundred)), "sip");
    assertRefused(answer(Requests.base().plus(hundred).plus("X: y")), 431);
  }

  @Test
  void hs22HalfAHead() {
    final String half = "GET /ws HTTP/1.1\r\nHost: edge";
    try (RawClient client = connect()) {
      client.send(half);
      awaitReceived(half.length());
      edge.time.advance(config.timeout);
      assertRefused(client.answer(), 408);
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(edge.counters.failedHandshakes(RefusalReason.HEAD_INCOMPLETE)).isEqualTo(1);
  }

  @Test
  void hs22Silence() {
    try (RawClient client = connect()) {
      awaitUndecided(1);
      edge.time.advance(config.timeout);
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(edge.counters.failedHandshakes(RefusalReason.NOTHING_RECEIVED)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host : edge.example.com",
        "X: one\r\n two",
        "X: one\n",
        "X: one\rtwo",
        "X: nul\0",
        "X: bell\u0007",
        "X: delete\u007f",
        ": no name",
        "no colon",
        "na me: value",
        " leading: value"
      })
  void hs23Syntax(String line) {
    assertRefused(answer(Requests.base().without("Host").plus("Host: a", line)), 400);
  }

  @Test
  void hs23BareLineFeeds() {
    assertRefused(answer(Requests.base().text().replace("\r\n", "\n")), 400);
    assertRefused(answer("GET  /ws HTTP/1.1\r\n\r\n"), 400);
    assertRefused(answer("\u0016\u0003\u0001"), 400);
  }

  @Test
  void emptyLinesInFrontAreSkipped() {
    assertAccepted(answer("\r\n\r\n" + Requests.base().text()), "sip");
  }

  @Test
  void hs24PipelinedFrameIsKept() {
    try (RawClient client = connect()) {
      client.send(Requests.base().text() + "GET / HTTP/1.1\r\n\r\n");
      assertAccepted(client.answer(), "sip");
      assertThat(client.bytes(18)).asString().isEqualTo("GET / HTTP/1.1\r\n\r\n");
    }
  }

  @Test
  void hs24StrictPipelining() {
    config.strictPipelining = true;
    assertRefused(answer(Requests.base().text() + "x"), 400);
    assertAccepted(answer(Requests.base()), "sip");
  }

  @Test
  void hs25Body() {
    assertRefused(answer(Requests.base().plus("Content-Length: 5").text() + "hello"), 400);
    assertRefused(answer(Requests.base().plus("Transfer-Encoding: chunked")), 400);
    assertAccepted(answer(Requests.base().plus("Content-Length: 0")), "sip");
  }

  @Test
  void hs26Authentication() {
    config.auth = TestConfig.auth(Set.of(AuthConfig.Scheme.DIGEST));
    final RawClient.Answer answer = answer(Requests.base());
    assertRefused(answer, 401);
    assertThat(answer.values("www-authenticate")).hasSize(2).allMatch(v -> v.startsWith("Digest "));
  }

  @Test
  void hs27ExtensionGrammar() {
    assertRefused(
        answer(Requests.base().plus("Sec-WebSocket-Extensions: permessage-deflate; =3")), 400);
    final RawClient.Answer answer =
        answer(Requests.base().plus("Sec-WebSocket-Extensions: x-unknown"));
    assertAccepted(answer, "sip");
    assertThat(answer.values("sec-websocket-extensions")).isEmpty();
  }
}
