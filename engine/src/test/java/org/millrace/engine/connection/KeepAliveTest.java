package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.pong;
import static org.millrace.engine.harness.Frames.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.status.EngineCounter;

/** Idle connections, dead peers and peers that ping too much. */
class KeepAliveTest {
  private static final int TICK_MS = 20;

  /** Ten seconds to a ping, five more to its pong, no jitter. */
  private static ConnectionContext context(Role role) {
    return new ConnectionContext()
        .role(role)
        .keepAliveTimeout(Duration.ofSeconds(10))
        .keepAliveJitter(0)
        .pongTimeout(Duration.ofSeconds(5));
  }

  private static byte[] payloadOf(String frame) {
    return HexFormat.of().parseHex(frame.substring(frame.indexOf(' ') + 1));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void pingsAnIdlePeerAndMeasuresTheRoundTrip(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.advanceMillis(9_990);
      assertThat(peer.hears()).isEmpty();
      assertThat(peer.connection().rttMicros()).isEqualTo(-1);
      engine.advanceMillis(TICK_MS);
      final List<String> heard = peer.hears();
      assertThat(heard).hasSize(1);
      assertThat(heard.get(0)).startsWith("PING ");
      assertThat(payloadOf(heard.get(0))).hasSize(8);
      engine.advanceMillis(120);
      peer.says(pong(payloadOf(heard.get(0))));
      engine.step();
      assertThat(peer.connection().rttMicros()).isBetween(120_000, 132_000);
      assertThat(engine.counter(EngineCounter.PINGS_SENT)).isOne();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    }
  }

  @Test
  void goesOnPingingAPeerThatAnswers() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      for (int i = 0; i < 10; i++) {
        engine.advanceMillis(10_000 + TICK_MS);
        final List<String> heard = peer.hears();
        assertThat(heard).as("ping " + i).hasSize(1);
        peer.says(pong(payloadOf(heard.get(0))));
        engine.step();
      }
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isEqualTo(10);
      peer.assertOpen();
    }
  }

  /** "Time without a received byte after which keep-alive acts", whatever pongTimeout is. */
  @Test
  void pingsAgainAfterKeepAliveTimeoutEvenIfPongTimeoutIsLonger() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER).pongTimeout(Duration.ofSeconds(30)));
      for (int i = 0; i < 3; i++) {
        engine.advanceMillis(10_000 + TICK_MS);
        final List<String> heard = peer.hears();
        assertThat(heard).as("ping " + i).hasSize(1);
        peer.says(pong(payloadOf(heard.get(0))));
        engine.step();
      }
    }
  }

  @Test
  void pingPayloadsAreNeverTheSame() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final List<String> pings = new ArrayList<>();
      final List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        peers.add(engine.open(context(Role.SERVER)));
      }
      engine.advanceMillis(10_000 + TICK_MS);
      peers.forEach(peer -> pings.addAll(peer.hears()));
      assertThat(pings).hasSize(20).doesNotHaveDuplicates();
      assertThat(pings.stream().map(ping -> ping.substring(13)))
          .as("random halves")
          .doesNotHaveDuplicates();
    }
  }

  /** A-36, WS-24: Kamailio compares a prefix. */
  @Test
  void onlyAByteEqualPongConfirms() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.advanceMillis(10_000 + TICK_MS);
      final byte[] payload = payloadOf(peer.hears().get(0));
      peer.says(pong(Arrays.copyOf(payload, 9)));
      peer.says(pong(Arrays.copyOf(payload, 7)));
      peer.says(pong(new byte[0]));
      payload[7] ^= 1;
      peer.says(pong(payload));
      assertThat(peer.hears()).isEmpty();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isZero();
      assertThat(peer.connection().rttMicros()).isEqualTo(-1);
      payload[7] ^= 1;
      peer.says(pong(payload), pong(payload));
      engine.step();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 125})
  void keepAliveDataIsConfirmedByItsVeryBytes(int length) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final byte[] data = new byte[length];
      Arrays.fill(data, (byte) 'k');
      final Peer peer = engine.open(context(Role.SERVER).keepAliveData(data));
      engine.advanceMillis(10_000 + TICK_MS);
      assertThat(peer.hears())
          .containsExactly(length > 64 ? "PING 125 bytes" : "PING " + "k".repeat(length));
      peer.says(pong(Arrays.copyOf(data, length - 1)));
      engine.step();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isZero();
      peer.says(pong(data));
      engine.step();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    }
  }

  @Test
  void anUnsolicitedPongConfirmsNothing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.says(pong(new byte[8]), pong(new byte[0]));
      assertThat(peer.hears()).isEmpty();
      assertThat(engine.counter(EngineCounter.PONGS_CONFIRMED)).isZero();
      peer.assertOpen();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aPeerThatSaysNothingAfterThePingIsDead(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.advanceMillis(14_990);
      peer.assertOpen();
      engine.advanceMillis(2 * TICK_MS);
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.violation()).isEqualTo(Violation.PEER_DEAD);
      assertThat(event.clean()).isFalse();
      assertThat(engine.counter(EngineCounter.DEAD_PEERS)).isOne();
      assertThat(engine.engine().violations(Violation.PEER_DEAD)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void withDefaultsADeadPeerIsGoneWithinAMinute(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer silent = engine.open(new ConnectionContext().role(role));
      final Peer blocked = engine.open(new ConnectionContext().role(role));
      blocked.wire().block();
      engine.advanceMillis(60_000);
      assertThat(silent.closed().violation()).isEqualTo(Violation.PEER_DEAD);
      assertThat(blocked.closed().violation()).isNotNull();
    }
  }

  /** A half-open connection whose last byte came just after a ping is found out as well. */
  @Test
  void aPeerThatDiesJustAfterItsPongIsGoneWithinAMinute() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(new ConnectionContext());
      engine.advanceMillis(30_010);
      final List<String> heard = peer.hears();
      assertThat(heard).hasSize(1);
      peer.says(pong(payloadOf(heard.get(0))));
      engine.step();
      engine.advanceMillis(60_000);
      assertThat(peer.closed().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  @Test
  void anyReceivedByteIsLife() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(context(Role.SERVER).messageMinRate(0).messageTimeout(Duration.ofDays(1)));
      final byte[] frame = peer.bytes(text("a long text that comes a byte at a time"));
      for (int i = 0; i < 20; i++) {
        engine.advanceMillis(9_900);
        peer.wire().deliver(frame, i, 1);
      }
      assertThat(peer.hears()).isEmpty();
      assertThat(engine.counter(EngineCounter.PINGS_SENT)).isZero();
      peer.assertOpen();
    }
  }

  @Test
  void aByteAfterThePingIsLifeEvenIfItIsNoPong() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.advanceMillis(10_000 + TICK_MS);
      assertThat(peer.hears()).hasSize(1);
      peer.says(text("alive"));
      engine.advanceMillis(5_100);
      peer.assertOpen();
      engine.advanceMillis(5_000);
      assertThat(peer.hears()).hasSize(1);
      peer.assertOpen();
    }
  }

  @Test
  void sendingIsNoSignOfLife() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      for (int i = 0; i < 16; i++) {
        peer.send("x");
        engine.advanceMillis(1_000);
      }
      assertThat(peer.closed().violation()).isEqualTo(Violation.PEER_DEAD);
    }
  }

  @Test
  void withoutKeepAliveNothingHappens() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(context(Role.SERVER).keepAliveMechanism(KeepAliveMechanism.NONE));
      engine.advanceMillis(120_000);
      assertThat(peer.hears()).isEmpty();
      peer.assertOpen();
    }
  }

  @Test
  void pongMechanismSendsPongsAndNeverFindsAnyoneDead() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(Role.SERVER)
                  .keepAliveMechanism(KeepAliveMechanism.PONG)
                  .keepAliveData(new byte[] {'h', 'i'}));
      engine.advanceMillis(100_000 + 10 * TICK_MS);
      assertThat(peer.hears()).hasSize(10).containsOnly("PONG hi");
      peer.assertOpen();
    }
  }

  /** Connections that were opened together must not ping together. */
  @Test
  void jitterSpreadsFirstPings() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(1_000))) {
      final ConnectionContext context = context(Role.SERVER).keepAliveJitter(0.5).conclude();
      final List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        peers.add(engine.open(context));
      }
      engine.advanceMillis(4_990);
      assertThat(engine.counter(EngineCounter.PINGS_SENT)).isZero();
      long before = 0;
      for (int slice = 0; slice < 10; slice++) {
        engine.advanceMillis(500);
        // Someone must answer, or the first are dead before the last are pinged.
        for (final Peer peer : peers) {
          if (!peer.wire().writes().isEmpty()) {
            peer.says(pong(new byte[0]));
            peer.wire().writes().clear();
          }
        }
        engine.step();
        final long pings = engine.counter(EngineCounter.PINGS_SENT);
        assertThat(pings - before).as("pings in slice " + slice).isBetween(50L, 160L);
        before = pings;
      }
      engine.advanceMillis(50);
      assertThat(engine.counter(EngineCounter.PINGS_SENT)).isBetween(1_000L, 1_100L);
    }
  }

  /** WS-25: a burst of 60, then 20 a second. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void aFloodOfPingsIsFailed(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      for (int i = 0; i < 60; i++) {
        peer.says(ping("p" + i));
      }
      assertThat(peer.hears()).hasSize(60).endsWith("PONG p59");
      engine.advanceMillis(1_000);
      for (int i = 0; i < 21; i++) {
        peer.says(ping("q" + i));
      }
      final List<String> heard = peer.hears();
      assertThat(heard).hasSize(21).endsWith("PONG q19", "CLOSE 1008");
      peer.wire().endOfInput();
      assertThat(peer.closed().violation()).isEqualTo(Violation.PING_FLOOD);
    }
  }

  @Test
  void pingsAtTheAllowedRateGoOnForEver() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER).pingRate(5).pingBurst(1));
      for (int i = 0; i < 100; i++) {
        peer.says(ping("p"));
        engine.advanceMillis(200);
      }
      assertThat(peer.hears()).hasSize(100);
      engine.advanceMillis(200);
      peer.says(ping("one"), ping("too many"));
      assertThat(peer.hears()).containsExactly("PONG one", "CLOSE 1008");
    }
  }

  @Test
  void manyPongsCostNothing() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      final byte[] frame = peer.bytes(pong(new byte[125]));
      final byte[] read = new byte[100 * frame.length];
      for (int i = 0; i < 100; i++) {
        System.arraycopy(frame, 0, read, i * frame.length, frame.length);
      }
      for (int i = 0; i < 1_000; i++) {
        peer.wire().deliver(read);
        engine.step();
      }
      assertThat(engine.counter(EngineCounter.RECEIVED_FRAMES)).isEqualTo(100_000);
      assertThat(engine.counter(EngineCounter.POOLED_BYTES)).isZero();
      peer.assertOpen();
    }
  }
}
