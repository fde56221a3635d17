package org.millrace.engine.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.sip.SipFraming;
import org.millrace.engine.status.EngineCounter;

/**
 * C-68: the client of a stream pings with CRLFCRLF and wants to hear something; a server does not.
 */
class StreamKeepAliveTest {
  private static final String MESSAGE = "SIP/2.0 200 OK\r\nl: 0\r\n\r\n";
  private static final String PING = "\r\n\r\n";
  private static final String PONG = "\r\n";

  private final CheckedEngine engine = new CheckedEngine();

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  private static ConnectionContext context(Role role) {
    return new ConnectionContext()
        .role(role)
        .framing(SipFraming::new)
        .keepAliveTimeout(Duration.ofSeconds(30))
        .keepAliveJitter(0)
        .pongTimeout(Duration.ofSeconds(10));
  }

  private Peer client() {
    return engine.open(context(Role.CLIENT));
  }

  private void says(Peer peer, String text) {
    peer.wire().deliver(text.getBytes(ISO_8859_1));
    engine.step();
  }

  private String heard(Peer peer) {
    engine.step();
    return new String(peer.wire().takeWritten(), ISO_8859_1);
  }

  private void asks(Peer peer, Predicate<Connection> what) {
    final CompletableFuture<Boolean> ran =
        engine.engine().run(peer.id(), c -> assertThat(what.test(c)).isTrue());
    engine.step();
    assertThat(ran).isCompletedWithValue(true);
  }

  @Test
  void aClientPingsWhenNothingHasComeForAWhile() {
    final Peer peer = client();
    engine.advanceMillis(29_990);
    assertThat(heard(peer)).isEmpty();
    engine.advanceMillis(20);
    assertThat(heard(peer)).isEqualTo(PING);
    assertThat(peer.connection().isAwaitingPong()).isTrue();
    engine.advanceMillis(50);
    says(peer, PONG);
    assertThat(peer.connection().isAwaitingPong()).isFalse();
    assertThat(peer.connection().rttMicros()).isBetween(45_000, 60_000);
    assertThat(engine.counter(EngineCounter.PINGS_SENT)).isOne();
    assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    peer.assertOpen();
  }

  /** On an idle connection pongs follow each other, and two look like a ping. */
  @Test
  void pongsInARowAreNeverAnswered() {
    final Peer peer = client();
    for (int i = 0; i < 5; i++) {
      engine.advanceMillis(30_010);
      assertThat(heard(peer)).isEqualTo(PING);
      says(peer, PONG);
      assertThat(heard(peer)).isEmpty();
    }
    assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isEqualTo(5);
    assertThat(engine.counter(EngineCounter.PINGS_RECEIVED)).isZero();
  }

  @Test
  void aPongMayComeInTwoReads() {
    final Peer peer = client();
    engine.advanceMillis(30_010);
    says(peer, "\r");
    assertThat(peer.connection().isAwaitingPong()).isTrue();
    says(peer, "\n");
    assertThat(peer.connection().isAwaitingPong()).isFalse();
  }

  @Test
  void aPeerThatSaysNothingIsDead() {
    final Peer peer = client();
    engine.advanceMillis(30_010);
    assertThat(heard(peer)).isEqualTo(PING);
    engine.advanceMillis(9_980);
    peer.assertOpen();
    engine.advanceMillis(20);
    assertThat(peer.closed().violation()).isEqualTo(Violation.PEER_DEAD);
    assertThat(heard(peer)).isEmpty();
    assertThat(engine.counter(EngineCounter.DEAD_PEERS)).isOne();
  }

  @Test
  void anyByteIsASignOfLife() {
    final Peer peer = client();
    engine.advanceMillis(30_010);
    says(peer, MESSAGE);
    engine.advanceMillis(29_000);
    peer.assertOpen();
    assertThat(heard(peer)).isEqualTo(PING);
    engine.advanceMillis(1_010);
    assertThat(heard(peer)).isEqualTo(PING);
  }

  @Test
  void aClientAnswersPingsUnlessItAwaitsAPong() {
    final Peer peer = client();
    says(peer, PING);
    assertThat(heard(peer)).isEqualTo(PONG);
    engine.advanceMillis(30_010);
    assertThat(heard(peer)).isEqualTo(PING);
    says(peer, PONG + PING);
    assertThat(heard(peer)).isEqualTo(PONG);
  }

  @Test
  void aServerAnswersPingsAndSendsNone() {
    final Peer peer = engine.open(context(Role.SERVER));
    engine.advanceMillis(120_000);
    assertThat(heard(peer)).isEmpty();
    says(peer, PING + MESSAGE + PING);
    assertThat(heard(peer)).isEqualTo(PONG + PONG);
    final CompletableFuture<Boolean> ran =
        engine.engine().run(peer.id(), c -> assertThat(c.ping()).isFalse());
    assertThat(heard(peer)).isEmpty();
    assertThat(ran).isCompletedWithValue(true);
    peer.assertOpen();
  }

  @Test
  void aPingAskedForIsAwaitedAsOneOfItsOwn() {
    final Peer peer = client();
    asks(peer, Connection::ping);
    assertThat(heard(peer)).isEqualTo(PING);
    asks(peer, Connection::ping);
    assertThat(heard(peer)).as("one at a time").isEmpty();
    engine.advanceMillis(10_010);
    assertThat(peer.closed().violation()).isEqualTo(Violation.PEER_DEAD);
  }

  @Test
  void aPongAskedForIsOneLineEnd() {
    final Peer peer = client();
    asks(peer, Connection::pong);
    assertThat(heard(peer)).isEqualTo(PONG);
    assertThat(peer.connection().isAwaitingPong()).isFalse();
  }

  @Test
  void pongsKeepAliveWithoutAnAnswer() {
    final Peer peer = engine.open(context(Role.CLIENT).keepAliveMechanism(KeepAliveMechanism.PONG));
    engine.advanceMillis(61_000);
    assertThat(heard(peer)).isEqualTo(PONG + PONG);
    peer.assertOpen();
  }

  @Test
  void aFloodOfPingsIsFailed() {
    final Peer peer = engine.open(context(Role.SERVER).pingRate(1).pingBurst(3));
    says(peer, PING.repeat(5) + MESSAGE);
    assertThat(heard(peer)).isEqualTo(PONG.repeat(3));
    assertThat(peer.handler().messages()).isEmpty();
    peer.wire().endOfInput();
    assertThat(peer.closed().violation()).isEqualTo(Violation.PING_FLOOD);
  }
}
