package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.jetty.config.UpstreamConfig.Header;
import org.millrace.jetty.config.UpstreamConfig.WsClientConfig;

/** The opening handshake as a client. */
class WsHandshakeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String GOOD =
      """
      HTTP/1.1 101 Web Socket Protocol Handshake
      Upgrade: WebSocket
      Connection: keep-alive, upgrade
      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
      Sec-WebSocket-Protocol: sip

      """;

  private static final WsClientConfig PLAIN = config(Optional.empty(), List.of(), false);

  private static WsClientConfig config(
      Optional<String> origin, List<Header> headers, boolean acceptList) {
    return new WsClientConfig("/sip?x=1", origin, "sip", headers, acceptList, false, false);
  }

  private static WsHandshake handshake(WsClientConfig config) {
    return new WsHandshake(config, "pbx.example.com:8080", Base64.getDecoder().decode(KEY));
  }

  private static Optional<String> defect(WsClientConfig config, String answer) {
    final byte[] head = answer.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return ResponseHead.parse(head)
        .map(parsed -> handshake(config).defect(parsed))
        .orElse(Optional.of("no head"));
  }

  @Test
  void a18TheRequestIsWhatRfc6455Wants() {
    assertThat(new String(handshake(PLAIN).request(), StandardCharsets.US_ASCII))
        .isEqualTo(
            """
            GET /sip?x=1 HTTP/1.1
            Host: pbx.example.com:8080
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: sip

            """
                .replace("\n", "\r\n"));
  }

  @Test
  void originAndFurtherFieldsAreSentIfConfigured() {
    final WsClientConfig config =
        config(
            Optional.of("https://edge.example.com"),
            List.of(new Header("Authorization", "Basic YTpi")),
            false);
    assertThat(new String(handshake(config).request(), StandardCharsets.US_ASCII))
        .contains("\r\nOrigin: https://edge.example.com\r\nAuthorization: Basic YTpi\r\n\r\n");
  }

  @Test
  void hs28AGoodAnswerIsTakenWhateverItsReason() {
    assertThat(defect(PLAIN, GOOD)).isEmpty();
    assertThat(defect(PLAIN, GOOD.replace(" Web Socket Protocol Handshake", ""))).isEmpty();
  }

  @Test
  void hs29AnAcceptThatDiffersOnlyInCaseFails() {
    assertThat(
            defect(
                PLAIN,
                GOOD.replace("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "s3pplmbitxaq9kygzzhzrbk+xoo=")))
        .hasValueSatisfying(why -> assertThat(why).contains("Sec-WebSocket-Accept"));
  }

  @Test
  void hs30AnExtensionThatWasNotOfferedFails() {
    assertThat(
            defect(
                PLAIN, GOOD.replace("\n\n", "\nSec-WebSocket-Extensions: permessage-deflate\n\n")))
        .hasValueSatisfying(why -> assertThat(why).contains("extension"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Sec-WebSocket-Protocol: msrp\n", "Sec-WebSocket-Protocol: sip, msrp\n"})
  void hs31AnotherSubProtocolOrNoneFails(String field) {
    assertThat(defect(PLAIN, GOOD.replace("Sec-WebSocket-Protocol: sip\n", field)))
        .hasValueSatisfying(why -> assertThat(why).contains("Sec-WebSocket-Protocol"));
  }

  @Test
  void a22AListWithOursIsTakenIfTolerated() {
    final WsClientConfig tolerant = config(Optional.empty(), List.of(), true);
    assertThat(defect(tolerant, GOOD.replace(": sip\n", ": sip, msrp\n"))).isEmpty();
    assertThat(defect(tolerant, GOOD.replace(": sip\n", ": msrp\n"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 401, 407, 426, 503})
  void hs33AnotherStatusFails(int status) {
    assertThat(defect(PLAIN, GOOD.replace("101", Integer.toString(status))))
        .hasValueSatisfying(why -> assertThat(why).contains(Integer.toString(status)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: websocket\nUpgrade: websocket\n",
        "Upgrade: websocket, h2c\n",
        "Upgrade: h2c\n",
        ""
      })
  void upgradeMustBeWebSocketAndNothingElse(String field) {
    assertThat(defect(PLAIN, GOOD.replace("Upgrade: WebSocket\n", field))).isPresent();
  }

  @Test
  void connectionMustHaveTheTokenUpgrade() {
    assertThat(defect(PLAIN, GOOD.replace("keep-alive, upgrade", "keep-alive"))).isPresent();
    assertThat(defect(PLAIN, GOOD.replace("keep-alive, upgrade", "UPGRADE"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 101 x\n\n",
        "HTTP/1.1 1O1 x\n\n",
        "HTTP/1.1 1010 x\n\n",
        "SIP/2.0 101 x\n\n",
        "HTTP/1.1 101 x\n folded: y\n\n",
        "HTTP/1.1 101 x\nbad name: y\n\n",
        "HTTP/1.1 101 x\nno colon\n\n",
        "HTTP/1.1 101 x\nname: \0\n\n"
      })
  void whatIsNoHeadIsRefused(String answer) {
    assertThat(defect(PLAIN, answer)).hasValue("no head");
  }

  @Test
  void theEndOfTheHeadIsFoundAtEverySplit() {
    final byte[] all =
        (GOOD.replace("\n", "\r\n") + "\u0081\u0002\r\n").getBytes(StandardCharsets.ISO_8859_1);
    for (int split = 0; split <= all.length - 4; split++) {
      final ByteBuffer bytes = ByteBuffer.wrap(all).limit(split);
      final int early = ResponseHead.length(bytes, 0);
      assertThat(early).isEqualTo(split == all.length - 4 ? split : -1);
      bytes.limit(all.length);
      assertThat(ResponseHead.length(bytes, split - 1)).isEqualTo(all.length - 4);
    }
  }
}
