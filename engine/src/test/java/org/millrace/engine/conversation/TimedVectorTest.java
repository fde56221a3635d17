package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.ReferenceDecoder;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.status.EngineCounter;

/** Those vectors in which time passes, two things happen at once, or chance plays a part. */
class TimedVectorTest {
  private final RecordingHandler handler = new RecordingHandler();

  @Test
  @DisplayName("WS-24 only the whole payload of our ping confirms it")
  void takesOnlyTheWholePayloadForAnAnswer() {
    try (TestEngine engine = new TestEngine()) {
      final TestWire wire =
          engine.open(
              VectorBuilder.context()
                  .keepAliveData("ping".getBytes(StandardCharsets.US_ASCII))
                  .keepAliveTimeout(Duration.ofSeconds(1)),
              handler);
      engine.advance(Duration.ofSeconds(1));
      assertThat(Bytes.of(wire.takeWritten())).isEqualTo(Bytes.ofHex("89 04 70 69 6e 67"));

      for (String wrong : List.of("", "pin", "pings", "pong", "zzz")) {
        pong(engine, wire, wrong);
        assertThat(engine.engine().counter(EngineCounter.PONGS_CONFIRMED)).as(wrong).isZero();
      }
      assertThat(wire.takeWritten()).isEmpty();

      pong(engine, wire, "ping");
      assertThat(engine.engine().counter(EngineCounter.PONGS_CONFIRMED)).isOne();
    }
  }

  private static void pong(TestEngine engine, TestWire wire, String payload) {
    wire.deliver(
        ReferenceEncoder.frame(Opcode.PONG, Bytes.utf8(payload)).masked().encode().toArray());
    engine.step();
  }

  /** The burst of 60, and what 20 a second add to it: t seconds allow 60 + 20 t. */
  @Test
  @DisplayName("WS-25 100 pings in one second")
  void failsOnPingFloodWhenTheBurstIsUsedUp() {
    final Duration gap = Duration.ofMillis(10);
    try (TestEngine engine = new TestEngine()) {
      final TestWire wire = engine.open(VectorBuilder.context(), handler);
      final List<Bytes> pongs = new ArrayList<>();
      int pings = 0;
      while (!wire.isOutputShut() && pings < 100) {
        final Bytes ping = Bytes.of('p', pings);
        wire.deliver(ReferenceEncoder.frame(Opcode.PING, ping).masked().encode().toArray());
        pongs.add(ReferenceEncoder.frame(Opcode.PONG, ping).encode());
        pings++;
        engine.step();
        engine.advance(gap);
      }
      // The 75th comes after 740 ms, which allow 60 + 14; the last one is not answered.
      assertThat(pings).isEqualTo(75);
      pongs.set(pings - 1, Bytes.ofHex("88 02 03 f0"));
      assertThat(Bytes.of(wire.written())).isEqualTo(Bytes.concat(pongs));
      wire.endOfInput();
      engine.step();
      assertThat(handler.closedOnce().violation()).isEqualTo(Violation.PING_FLOOD);
    }
  }

  @Test
  @DisplayName("WS-25 20 pings a second for ever")
  void letsPingsAtTheRatePass() {
    try (TestEngine engine = new TestEngine()) {
      final TestWire wire = engine.open(VectorBuilder.context(), handler);
      for (int i = 0; i < 200; i++) {
        wire.deliver(Bytes.ofHex("89 80 37 fa 21 3d").toArray());
        engine.step();
        assertThat(Bytes.of(wire.takeWritten())).isEqualTo(Bytes.ofHex("8a 00"));
        engine.advance(Duration.ofMillis(50));
      }
    }
  }

  @Test
  @DisplayName("WS-29 1000 frames, 1000 masks")
  void masksEveryFrameWithAFreshKey() {
    final List<Bytes> keys = new ArrayList<>();
    try (TestEngine engine = new TestEngine()) {
      final TestWire wire = engine.open(VectorBuilder.context().role(Role.CLIENT), handler);
      for (int i = 0; i < 1000; i++) {
        final Bytes message = Bytes.of('m', i >> 8, i);
        assertThat(engine.send(handler.connection(), Opcode.BINARY, message.toArray()))
            .isEqualTo(SendResult.SENT);
        engine.step();
        final Bytes frame = Bytes.of(wire.takeWritten());
        final Bytes key = frame.slice(2, 6);
        assertThat(frame)
            .isEqualTo(ReferenceEncoder.frame(Opcode.BINARY, message).maskedWith(key).encode());
        keys.add(key);
      }
    }
    // By chance two of 1000 are equal once in 8000 runs, and two pairs hardly ever.
    assertThat(Set.copyOf(keys)).hasSizeGreaterThanOrEqualTo(999);
    assertThat(steps(keys)).hasSizeGreaterThanOrEqualTo(998);
  }

  private static Set<Bytes> steps(List<Bytes> keys) {
    return IntStream.range(1, keys.size())
        .mapToObj(i -> ReferenceEncoder.mask(keys.get(i), keys.get(i - 1)))
        .collect(Collectors.toSet());
  }

  @Test
  @DisplayName("WS-37 both close in the same duty cycle")
  void sendsOneCloseIfBothCloseAtOnce() {
    try (TestEngine engine = new TestEngine()) {
      final TestWire wire = engine.open(VectorBuilder.context(), handler);
      wire.deliver(Bytes.ofHex("88 82 37 fa 21 3d 34 13").toArray());
      assertThat(engine.engine().close(handler.connection().id(), 1000, "")).isTrue();
      engine.step();
      wire.endOfInput();
      engine.step();

      final List<Decided> sent =
          ReferenceDecoder.decode(
              new FrameRules(Role.CLIENT, 65_536, 1, false), Bytes.of(wire.written()));
      assertThat(sent).hasSize(1);
      assertThat(sent.get(0).event()).isInstanceOf(Event.Close.class);
      assertThat(sent.get(0).at()).isEqualTo(wire.written().length);
      assertThat(handler.closedOnce().code()).isEqualTo(1001);
      assertThat(handler.closedOnce().clean()).isTrue();
    }
  }
}
