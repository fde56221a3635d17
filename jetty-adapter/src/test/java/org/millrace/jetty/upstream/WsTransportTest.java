package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;

/** WebSocket as a client, over sockets. */
class WsTransportTest {
  private static final String OPTIONS = "OPTIONS sip:edge SIP/2.0\r\n\r\n";

  private CoreRig rig;
  private ServerSocket core;

  @BeforeEach
  void start() throws Exception {
    rig = new CoreRig(CoreRig.socket("ws", 5, CoreTransport.WS));
    core = CoreRig.listen();
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    core.close();
  }

  private StreamPeer accept() throws IOException {
    return new StreamPeer(core.accept());
  }

  @Test
  void hs28MessagesGoBothWaysAfterAGoodAnswer() throws Exception {
    final Target target = rig.target("ws", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      assertThat(peer.upgrade())
          .startsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + core.getLocalPort() + "\r\n");
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(peer.readFrame()).isEqualTo(OPTIONS);
      peer.sendFrame(OPTIONS);
      final CoreRig.Received request = rig.awaitReceived();
      assertThat(request.text()).isEqualTo(OPTIONS);
      assertThat(rig.reply(request.hop(), "SIP/2.0 200 OK\r\n\r\n")).isEqualTo(SendResult.SENT);
      assertThat(peer.readFrame()).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
    }
  }

  /** Each pause is longer than the one before; at the end longer than this test would wait. */
  @Test
  void whoSaysSoNeedNotWaitForTheEndOfAPause() throws Exception {
    rig.target("ws", core, CoreRig.upstream());
    for (int i = 1; i <= 5; i++) {
      accept().close();
      rig.await(CoreCounter.STREAM_CONNECT_FAILED, i);
      assertThat(connect("127.0.0.2")).as("somebody else").isFalse();
      assertThat(connect("127.0.0.1")).isTrue();
    }
    try (StreamPeer peer = accept()) {
      peer.upgrade();
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      assertThat(connect("127.0.0.1")).as("it is connected").isTrue();
    }
  }

  private boolean connect(String host) {
    return rig.transports().connectWs(host, core.getLocalPort(), "/", "sip", false);
  }

  @Test
  void a20NothingButTheRequestIsSentUntilTheHeadIsThere() throws Exception {
    final Target target = rig.target("ws", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      final String request = peer.readHead();
      assertThat(rig.send(target, "ONE")).isEqualTo(SendResult.SENT);
      assertThat(rig.send(target, "TWO")).isEqualTo(SendResult.SENT);
      final String answer = StreamPeer.goodAnswer(request);
      for (int i = 0; i < answer.length() - 1; i++) {
        peer.send(answer.substring(i, i + 1));
      }
      assertThat(peer.available()).isZero();
      peer.send("\n");
      assertThat(peer.readFrame()).isEqualTo("ONE");
      assertThat(peer.readFrame()).isEqualTo("TWO");
    }
  }

  @Test
  void a20NoMoreWaitThanAreAllowedAndAllAreFailedWhenItTakesTooLong() throws Exception {
    final Target target =
        rig.target(
            "ws", core, CoreRig.upstream(1, Duration.ofMillis(500), CoreRig.WS, CoreRig.TLS));
    try (StreamPeer peer = accept()) {
      for (int i = 0; i < 4; i++) {
        assertThat(rig.send(target, "M" + i)).isEqualTo(SendResult.SENT);
      }
      assertThat(rig.send(target, "M4")).isEqualTo(SendResult.BACK_PRESSURED);
      for (int i = 0; i < 4; i++) {
        assertThat(rig.awaitUnsent()).isEqualTo("M" + i);
      }
      rig.await(target, Target.Health.DOWN);
      assertThat(peer.readHead()).startsWith("GET / ");
      assertThat(peer.read()).isNegative();
    }
    assertThat(rig.count(CoreCounter.STREAM_QUEUE_FULL)).isEqualTo(1);
  }

  /** Answers that must not open the connection. */
  enum BadAnswer {
    HS29_ACCEPT_DIFFERS_IN_CASE("Accept: [^\r]*", "Accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
    HS30_EXTENSION("\r\n\r\n", "\r\nSec-WebSocket-Extensions: x\r\n\r\n"),
    HS31_NO_SUB_PROTOCOL("Sec-WebSocket-Protocol: sip\r\n", ""),
    HS31_OTHER_SUB_PROTOCOL(": sip\r\n", ": msrp\r\n"),
    HS31_SUB_PROTOCOL_LIST(": sip\r\n", ": sip, msrp\r\n"),
    HS33_OK(" 101 ", " 200 "),
    HS33_REDIRECT(" 101 ", " 302 "),
    HS33_UPGRADE_REQUIRED(" 101 ", " 426 "),
    NO_HTTP("HTTP/1.1", "SIP/2.0"),
    ENDLESS(" Switching", "x".repeat(20_000));

    private final String pattern;
    private final String replacement;

    BadAnswer(String pattern, String replacement) {
      this.pattern = pattern;
      this.replacement = replacement;
    }

    private String of(String request) {
      return StreamPeer.goodAnswer(request).replaceFirst(pattern, replacement);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBadAnswerOpensNothingAndWhatWaitedIsFailed(BadAnswer bad) throws Exception {
    final Target target = rig.target("ws", core, CoreRig.upstream());
    assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
    try (StreamPeer peer = accept()) {
      peer.send(bad.of(peer.readHead()));
      assertThat(rest(peer)).isEmpty();
    }
    assertThat(rig.awaitUnsent()).isEqualTo(OPTIONS);
    assertThat(rig.count(CoreCounter.STREAM_CONNECTED)).isZero();
    try (StreamPeer again = accept()) {
      again.upgrade();
      rig.await(target, Target.Health.UP);
    }
  }

  private static String rest(StreamPeer peer) {
    try {
      return peer.read(1);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void hs32WhatComesBehindTheHeadIsTheFirstFrame() throws Exception {
    rig.target("ws", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      peer.send(StreamPeer.goodAnswer(peer.readHead()) + "\u0081\u0002\r\n\u0081\u0003abc");
      assertThat(rig.awaitReceived().text()).isEqualTo("\r\n");
      assertThat(rig.awaitReceived().text()).isEqualTo("abc");
    }
  }

  @Test
  void a19NoMoreThanOneConnectionAtATimeIsBeingMadeWithOneAddress() throws Exception {
    rig.target("ws", core, CoreRig.upstream(2, Duration.ofSeconds(10), CoreRig.WS, CoreRig.TLS));
    try (StreamPeer first = accept();
        ServerSocket later = CoreRig.listen()) {
      rig.target("ws", later, CoreRig.upstream());
      new StreamPeer(later.accept()).close(); // whatever was to be dialled before has been
      core.setSoTimeout(1);
      assertThatThrownBy(core::accept).isInstanceOf(SocketTimeoutException.class);
      core.setSoTimeout(10_000);
      first.upgrade();
      try (StreamPeer second = accept()) {
        second.upgrade();
        rig.await(CoreCounter.STREAM_CONNECTED, 2);
      }
    }
  }

  @Test
  void aFrameThatIsMaskedFailsTheConnectionAndAnotherIsMade() throws Exception {
    rig.target("ws", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      peer.upgrade();
      peer.send("\u0081\u0083\1\2\3\4abc");
      assertThat(rig.events().awaitClosed().violation()).isEqualTo(Violation.MASK_UNEXPECTED);
    }
    try (StreamPeer again = accept()) {
      again.upgrade();
      rig.await(CoreCounter.STREAM_CONNECTED, 2);
    }
  }
}
