package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.pong;
import static org.millrace.engine.harness.Frames.text;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.status.EngineCounter;

/** Pings and pongs that somebody asks for, between those of the keep-alive (AD-04). */
class AskedKeepAliveTest {
  /** Ten seconds to a ping, five more to its pong, no jitter. */
  private static ConnectionContext context(KeepAliveMechanism mechanism) {
    return new ConnectionContext()
        .keepAliveMechanism(mechanism)
        .keepAliveTimeout(Duration.ofSeconds(10))
        .keepAliveJitter(0)
        .pongTimeout(Duration.ofSeconds(5));
  }

  private static String heardOnce(Peer peer) {
    final List<String> heard = peer.hears();
    assertThat(heard).hasSize(1);
    return heard.get(0);
  }

  private static byte[] payloadOf(String frame) {
    return HexFormat.of().parseHex(frame.substring(frame.indexOf(' ') + 1));
  }

  private static boolean ping(CheckedEngine engine, Peer peer) {
    return ask(engine, peer, Connection::ping);
  }

  private static boolean pongTo(CheckedEngine engine, Peer peer) {
    return ask(engine, peer, Connection::pong);
  }

  private static boolean ask(CheckedEngine engine, Peer peer, Predicate<Connection> question) {
    final AtomicBoolean answer = new AtomicBoolean();
    final CompletableFuture<Boolean> found =
        engine.engine().run(peer.id(), connection -> answer.set(question.test(connection)));
    engine.step();
    assertThat(found.join()).isTrue();
    return answer.get();
  }

  @ParameterizedTest
  @EnumSource(KeepAliveMechanism.class)
  void aPingIsAwaitedUntilItsPong(KeepAliveMechanism mechanism) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(mechanism));
      assertThat(peer.connection().isAwaitingPong()).isFalse();
      assertThat(ping(engine, peer)).isTrue();
      assertThat(peer.connection().isAwaitingPong()).isTrue();
      final String ping = heardOnce(peer);
      assertThat(ping).startsWith("PING ");
      engine.advanceMillis(100);
      peer.says(text("not it"), pong(payloadOf(ping)));
      engine.step();
      assertThat(peer.connection().isAwaitingPong()).isFalse();
      assertThat(peer.connection().rttMicros()).isBetween(100_000, 105_000);
      assertThat(engine.counter(EngineCounter.PINGS_SENT)).isOne();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    }
  }

  @Test
  void bothHaveTheKeepAlivesData() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(context(KeepAliveMechanism.PING).keepAliveData(new byte[] {'h', 'i'}));
      assertThat(ping(engine, peer)).isTrue();
      assertThat(pongTo(engine, peer)).isTrue();
      assertThat(peer.hears()).containsExactly("PING hi", "PONG hi");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KeepAliveMechanism.class,
      names = {"PING", "PONG"})
  void aPeerThatIsSilentAfterwardsIsDead(KeepAliveMechanism mechanism) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(mechanism));
      ping(engine, peer);
      engine.advanceMillis(4_980);
      peer.assertOpen();
      engine.advanceMillis(40);
      assertThat(peer.closed().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  @Test
  void withoutKeepAliveNobodyIsJudged() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.NONE));
      ping(engine, peer);
      engine.advanceMillis(60_000);
      peer.assertOpen();
      assertThat(peer.connection().isAwaitingPong()).isTrue();
    }
  }

  /** Whoever asks again and again must not keep a dead peer alive. */
  @Test
  void pingingAgainRepeatsThePingAndPutsOffNothing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.PING));
      ping(engine, peer);
      final String first = heardOnce(peer);
      for (int second = 1; second < 5; second++) {
        engine.advanceMillis(1_000);
        ping(engine, peer);
        pongTo(engine, peer);
        final List<String> heard = peer.hears();
        assertThat(heard).hasSize(2).startsWith(first);
        assertThat(heard.get(1)).startsWith("PONG ");
      }
      engine.advanceMillis(1_040);
      assertThat(peer.closed().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  @Test
  void thePongToARepeatedPingConfirmsOnce() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.PING));
      ping(engine, peer);
      ping(engine, peer);
      final byte[] payload = payloadOf(peer.hears().get(0));
      peer.says(pong(payload), pong(payload));
      engine.step();
      assertThat(peer.connection().isAwaitingPong()).isFalse();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    }
  }

  /** The peer lives, but the ping was lost on it: another one is another question. */
  @Test
  void aPingAfterASignOfLifeIsANewOne() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.PING));
      ping(engine, peer);
      final String first = heardOnce(peer);
      peer.says(text("alive"));
      ping(engine, peer);
      assertThat(heardOnce(peer)).startsWith("PING ").isNotEqualTo(first);
    }
  }

  @Test
  void aPongChangesNothingAboutThePeersLife() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.PING));
      for (int i = 0; i < 9; i++) {
        engine.advanceMillis(1_000);
        pongTo(engine, peer);
      }
      assertThat(peer.hears()).hasSize(9);
      engine.advanceMillis(1_020);
      assertThat(heardOnce(peer)).startsWith("PING ");
    }
  }

  /** Behind a blocked write there is room for one frame of the keep-alive: the ping keeps it. */
  @Test
  void aPongDoesNotTakeThePlaceOfAPingThatWaits() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.PING));
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      assertThat(ping(engine, peer)).isTrue();
      assertThat(pongTo(engine, peer)).isFalse();
      peer.wire().unblock();
      peer.wire().completeWrite();
      engine.step();
      final List<String> heard = peer.hears();
      assertThat(heard).hasSize(2);
      assertThat(heard.get(1)).startsWith("PING ");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aClosingConnectionIsNotPinged(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(KeepAliveMechanism.PING).role(role));
      engine.engine().close(peer.id(), 1000, "");
      engine.step();
      assertThat(ping(engine, peer)).isFalse();
      assertThat(pongTo(engine, peer)).isFalse();
      assertThat(peer.connection().isAwaitingPong()).isFalse();
      assertThat(peer.hears()).containsExactly("CLOSE 1000");
    }
  }
}
