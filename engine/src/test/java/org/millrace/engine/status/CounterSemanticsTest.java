package org.millrace.engine.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.continuation;
import static org.millrace.engine.harness.Frames.illegal;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.pong;
import static org.millrace.engine.harness.Frames.text;
import static org.millrace.engine.status.EngineCounter.CURRENT_CONNECTIONS;
import static org.millrace.engine.status.EngineCounter.FAILED_CONNECTIONS;
import static org.millrace.engine.status.EngineCounter.LOCAL_CLOSED_CONNECTIONS;
import static org.millrace.engine.status.EngineCounter.MAX_CONCURRENT_CONNECTIONS;
import static org.millrace.engine.status.EngineCounter.RECEIVED_FRAMES;
import static org.millrace.engine.status.EngineCounter.REMOTE_CLOSED_CONNECTIONS;
import static org.millrace.engine.status.EngineCounter.TRANSMITTED_FRAMES;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

/** What the counters of F-3 mean, for each sub-protocol. */
class CounterSemanticsTest {
  private static ConnectionContext context(SubProtocol subProtocol) {
    return new ConnectionContext()
        .subProtocol(subProtocol)
        .keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  /** The counter is {@code total}, and {@code own} in the sub-protocol's twin and in no other. */
  private static void assertCounted(
      CheckedEngine engine, EngineCounter counter, SubProtocol subProtocol, int total, int own) {
    assertThat(engine.counter(counter)).as(counter.label()).isEqualTo(total);
    for (final SubProtocol each : List.of(SubProtocol.SIP, SubProtocol.MSRP)) {
      final EngineCounter twin = counter.of(each);
      assertThat(engine.counter(twin)).as(twin.label()).isEqualTo(each == subProtocol ? own : 0);
    }
  }

  @ParameterizedTest
  @EnumSource(SubProtocol.class)
  void receivedFramesAreAllFramesAndDataFramesInTheTwins(SubProtocol subProtocol) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(subProtocol));
      peer.says(text("a"), text("b").notFinal(), ping(""), continuation("c"), pong(new byte[3]));
      engine.step();
      assertCounted(engine, RECEIVED_FRAMES, subProtocol, 5, 3);
      peer.says(close(1000));
      engine.step();
      assertCounted(engine, RECEIVED_FRAMES, subProtocol, 6, 3);
    }
  }

  /** "Every frame before validation". */
  @ParameterizedTest
  @EnumSource(SubProtocol.class)
  void theFrameThatFailsIsCountedToo(SubProtocol subProtocol) {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.open(context(subProtocol)).says(illegal());
      engine.step();
      assertCounted(engine, RECEIVED_FRAMES, subProtocol, 1, 0);
      final byte[] notUtf8 = {(byte) 0xFF};
      engine.open(context(subProtocol)).says(ReferenceEncoder.frame(1, Bytes.of(notUtf8)));
      engine.step();
      assertCounted(engine, RECEIVED_FRAMES, subProtocol, 2, 1);
      engine.open(context(subProtocol)).says(close(1004));
      engine.step();
      assertCounted(engine, RECEIVED_FRAMES, subProtocol, 3, 1);
    }
  }

  @Test
  void aFrameInManyReadsIsOne() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(SubProtocol.SIP));
      for (final var frame : List.of(text("in many reads"), ping("too"))) {
        final byte[] bytes = peer.bytes(frame);
        for (int i = 0; i < bytes.length; i++) {
          peer.wire().deliver(bytes, i, 1);
        }
      }
      engine.step();
      assertCounted(engine, RECEIVED_FRAMES, SubProtocol.SIP, 2, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(SubProtocol.class)
  void transmittedFramesAreAllFramesAndDataFramesInTheTwins(SubProtocol subProtocol) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(subProtocol));
      peer.send("a");
      peer.send("b");
      peer.says(ping("?"), close(1000));
      assertThat(peer.hears()).hasSize(4);
      assertCounted(engine, TRANSMITTED_FRAMES, subProtocol, 4, 2);
      assertThat(engine.counter(EngineCounter.TRANSMITTED_BYTES)).isEqualTo(3 + 3 + 3 + 4);
      assertThat(engine.counter(EngineCounter.WRITES)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(SubProtocol.class)
  void connectionsAreCountedWhileTheyAreThere(SubProtocol subProtocol) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final ConnectionContext context = context(subProtocol).conclude();
      final Peer first = engine.open(context);
      engine.open(context);
      assertCounted(engine, CURRENT_CONNECTIONS, subProtocol, 2, 2);
      first.wire().fail(new IOException("reset"));
      first.closed();
      assertCounted(engine, CURRENT_CONNECTIONS, subProtocol, 1, 1);
      engine.open(context);
      assertCounted(engine, MAX_CONCURRENT_CONNECTIONS, subProtocol, 2, 2);
    }
  }

  @Test
  void subProtocolsHaveTheirOwnMaxima() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.open(context(SubProtocol.SIP));
      engine.open(context(SubProtocol.MSRP));
      engine.open(context(SubProtocol.MSRP));
      engine.open(context(SubProtocol.OTHER));
      assertThat(engine.counter(MAX_CONCURRENT_CONNECTIONS)).isEqualTo(4);
      assertThat(engine.counter(EngineCounter.SIP_MAX_CONCURRENT_CONNECTIONS)).isOne();
      assertThat(engine.counter(EngineCounter.MSRP_MAX_CONCURRENT_CONNECTIONS)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(SubProtocol.class)
  void whoClosedAndWhatFailed(SubProtocol subProtocol) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final ConnectionContext context = context(subProtocol).conclude();
      final Peer closedByPeer = engine.open(context);
      closedByPeer.says(close(1000));
      closedByPeer.wire().endOfInput();
      closedByPeer.closed();
      assertCounted(engine, REMOTE_CLOSED_CONNECTIONS, subProtocol, 1, 1);
      assertCounted(engine, FAILED_CONNECTIONS, subProtocol, 0, 0);

      final Peer closedByUs = engine.open(context);
      engine.engine().close(closedByUs.id(), 1000, "");
      engine.step();
      closedByUs.says(close(1000));
      closedByUs.wire().endOfInput();
      closedByUs.closed();
      assertCounted(engine, LOCAL_CLOSED_CONNECTIONS, subProtocol, 1, 1);
      assertCounted(engine, FAILED_CONNECTIONS, subProtocol, 0, 0);

      final Peer reset = engine.open(context);
      reset.wire().fail(new IOException("reset"));
      reset.closed();
      assertCounted(engine, REMOTE_CLOSED_CONNECTIONS, subProtocol, 2, 2);
      assertCounted(engine, FAILED_CONNECTIONS, subProtocol, 1, 1);

      final Peer failed = engine.open(context);
      failed.says(illegal());
      failed.wire().endOfInput();
      failed.closed();
      assertCounted(engine, LOCAL_CLOSED_CONNECTIONS, subProtocol, 2, 2);
      assertCounted(engine, FAILED_CONNECTIONS, subProtocol, 2, 2);
      assertThat(engine.counter(EngineCounter.OPENED_CONNECTIONS)).isEqualTo(4);
      assertThat(engine.counter(EngineCounter.CLOSED_CONNECTIONS)).isEqualTo(4);
    }
  }

  @Test
  void bytesAndMessages() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(SubProtocol.SIP));
      peer.says(text("ab"), text("c").notFinal(), continuation("d"), ping("e"));
      engine.step();
      assertThat(engine.counter(EngineCounter.RECEIVED_BYTES)).isEqualTo(8 + 7 + 7 + 7);
      assertThat(engine.counter(EngineCounter.RECEIVED_MESSAGES)).isEqualTo(2);
      assertThat(engine.counter(EngineCounter.PINGS_RECEIVED)).isOne();
    }
  }

  @Test
  void cyclesThatTakeLongAreStalls() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(SubProtocol.SIP),
              new ActingHandler()
                  .on("message", c -> engine.stepped().clock().advance(Duration.ofMillis(30))));
      peer.says(text("slow"));
      engine.step();
      assertThat(engine.counter(EngineCounter.MAX_CYCLE_TIME_NS)).isEqualTo(30_000_000);
      assertThat(engine.counter(EngineCounter.CYCLE_STALLS)).isOne();
    }
  }
}
