package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.illegal;
import static org.millrace.engine.harness.Frames.ping;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.status.EngineCounter;

/** Closing while the transport does not take what it is given. */
class BlockedCloseTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  /** A peer with one message in flight and two waiting. */
  private static Peer blocked(CheckedEngine engine, ConnectionContext context) {
    final Peer peer = engine.open(context);
    peer.wire().block();
    peer.send("a");
    engine.step();
    peer.send("b");
    peer.send("c");
    engine.step();
    assertThat(peer.wire().writes()).hasSize(1);
    return peer;
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closeOfTheApplicationGoesBehindWhatWasAccepted(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      assertThat(engine.engine().close(peer.id(), 1000, "")).isTrue();
      engine.step();
      assertThat(peer.send("refused")).isEqualTo(SendResult.SENT);
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT a", "TEXT b", "TEXT c", "CLOSE 1000");
      assertThat(peer.wire().writes()).hasSize(2);
      assertThat(engine.counter(EngineCounter.DISCARDED_MESSAGES)).isZero();
      assertThat(engine.counter(EngineCounter.DROPPED_SENDS)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void failingCloseOvertakesWhatWaits(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      peer.says(illegal());
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT a", "CLOSE 1002");
      assertThat(engine.counter(EngineCounter.DISCARDED_MESSAGES)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void replyToThePeersCloseOvertakesWhatWaits(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      peer.says(close(1001));
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT a", "CLOSE 1001");
      assertThat(engine.counter(EngineCounter.DISCARDED_MESSAGES)).isEqualTo(2);
      peer.wire().endOfInput();
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void pongsThatWaitGoBeforeTheClose(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      peer.says(ping("1"), ping("2"), close(1001));
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).containsExactly("TEXT a", "PONG 2", "CLOSE 1001");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void whatATransportTakesAtOnceIsNotDiscardedByAFailure(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.send("a");
      peer.send("b");
      peer.says(illegal());
      assertThat(peer.hears()).containsExactly("TEXT a", "TEXT b", "CLOSE 1002");
      assertThat(engine.counter(EngineCounter.DISCARDED_MESSAGES)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void thePeersCloseFindsOursQueued(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      engine.engine().close(peer.id(), 1000, "");
      engine.step();
      peer.says(close(1001));
      engine.step();
      assertThat(peer.wire().isOutputShut()).isFalse();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears())
          .startsWith("TEXT a")
          .endsWith("CLOSE 1000")
          .containsOnlyOnce("CLOSE 1000");
      assertThat(peer.wire().isOutputShut()).isEqualTo(role == Role.SERVER);
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.code()).isEqualTo(1001);
      assertThat(event.sentCode()).isEqualTo(1000);
      assertThat(event.clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aViolationFindsOurCloseQueued(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      engine.engine().close(peer.id(), 1000, "");
      engine.step();
      peer.says(illegal(), illegal());
      engine.step();
      peer.wire().unblock().completeWrite();
      assertThat(peer.hears()).startsWith("TEXT a").endsWith("CLOSE 1000");
      assertThat(peer.wire().isOutputShut()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closesOfBothSidesWhileOursIsInFlight(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire().block();
      engine.engine().close(peer.id(), 1000, "");
      engine.step();
      assertThat(peer.wire().isWriting()).isTrue();
      peer.says(close(1001));
      engine.step();
      assertThat(peer.wire().calls()).containsExactly("opened");
      peer.wire().completeWrite();
      assertThat(peer.hears()).containsExactly("CLOSE 1000");
      peer.wire().endOfInput();
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  /** The failure is known at once, but waits for the bytes that were read before it. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void aCloseWhoseWriteHasFailedWasNotSentThoughThePeersComes(Role role) {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().recordsPerCycle(1))) {
      final Peer peer = engine.open(context(role));
      peer.wire().block();
      engine.engine().close(peer.id(), 1000, "");
      engine.step();
      peer.says(ping(""), ping(""), close(1000));
      peer.wire().failWrite(new IOException("broken pipe"));
      final ClosedEvent event = peer.closed();
      assertThat(event.code()).isEqualTo(1000);
      assertThat(event.sentCode()).isZero();
      assertThat(event.clean()).isFalse();
      assertThat(peer.wire().calls()).containsExactly("opened", "close");
    }
  }

  /** "What was accepted before goes out first" (Connection.close). */
  @Test
  void aCloseFromAnotherThreadDoesNotOvertakeItsOwnMessages() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().recordsPerCycle(1))) {
      final Peer peer = engine.open(context(Role.SERVER));
      assertThat(peer.send("a")).isEqualTo(SendResult.SENT);
      assertThat(peer.send("b")).isEqualTo(SendResult.SENT);
      assertThat(peer.send("c")).isEqualTo(SendResult.SENT);
      assertThat(engine.engine().close(peer.id(), 1000, "")).isTrue();
      assertThat(peer.hears()).containsExactly("TEXT a", "TEXT b", "TEXT c", "CLOSE 1000");
      assertThat(engine.counter(EngineCounter.DROPPED_SENDS)).isZero();
    }
  }

  @Test
  void theFirstCloseRequestCounts() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.engine().close(peer.id(), 1001, "first");
      engine.engine().close(peer.id(), 1000, "second");
      assertThat(peer.hears()).containsExactly("CLOSE 1001 first");
      engine.engine().close(peer.id(), 1000, "third");
      assertThat(peer.hears()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aWriteThatNeverEndsCostsTheConnectionAfterSendTimeout(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(role));
      engine.advanceMillis(9_980);
      peer.assertOpen();
      engine.advanceMillis(40);
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.violation()).isEqualTo(Violation.SEND_TIMEOUT);
      assertThat(event.code()).isEqualTo(1008);
      assertThat(event.sentCode()).isZero();
      assertThat(event.clean()).isFalse();
      assertThat(engine.engine().violations(Violation.SEND_TIMEOUT)).isOne();
      assertThat(engine.counter(EngineCounter.DISCARDED_MESSAGES)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aWriteThatNeverEndsHoldsUpACloseForCloseTimeoutOnly(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer closing = blocked(engine, context(role));
      engine.engine().close(closing.id(), 1000, "");
      final Peer answering = blocked(engine, context(role));
      answering.says(close(1000));
      engine.advanceMillis(4_980);
      closing.assertOpen();
      answering.assertOpen();
      engine.advanceMillis(40);
      assertThat(closing.closed().code()).isEqualTo(1006);
      assertThat(answering.closed().code()).isEqualTo(1000);
    }
  }

  @Test
  void theWriteDeadlineIsThatOfEachWriteAlone() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = blocked(engine, context(Role.SERVER).sendTimeout(Duration.ofSeconds(1)));
      for (int i = 0; i < 5; i++) {
        engine.advanceMillis(900);
        peer.send("next");
        engine.step();
        peer.wire().completeWrite();
        engine.step();
      }
      peer.assertOpen();
      engine.advanceMillis(1_020);
      assertThat(peer.closed().violation()).isEqualTo(Violation.SEND_TIMEOUT);
    }
  }

  /** Jetty's write may call back before it returns, on whatever thread. */
  @Test
  void aWriteMayEndBeforeItHasReturned() {
    final List<String> heard = new ArrayList<>();
    final EagerWire wire = new EagerWire(heard);
    final RecordingHandler handler = new RecordingHandler();
    try (TestEngine engine = new TestEngine(CheckedEngine.small())) {
      engine.engine().open(context(Role.SERVER).conclude(), wire, handler);
      engine.step();
      for (int i = 0; i < 3; i++) {
        engine.send(handler.connection(), Opcode.TEXT, new byte[] {'x'});
        engine.step();
      }
      engine.engine().close(handler.connection().id(), 1000, "");
      engine.step();
      assertThat(heard).containsExactly("TEXT x", "TEXT x", "TEXT x", "CLOSE 1000");
      wire.inbound.endOfInput();
      engine.step();
      assertThat(handler.closedOnce().sentCode()).isEqualTo(1000);
    }
  }

  /** Ends each write before it says that the end will be told later. */
  private static final class EagerWire implements Wire {
    private final List<String> heard;
    private Inbound inbound;

    EagerWire(List<String> heard) {
      this.heard = heard;
    }

    @Override
    public void attached(Inbound newInbound) {
      inbound = newInbound;
    }

    @Override
    public void opened() {}

    @Override
    public boolean write(ByteBuffer batch) {
      final byte[] bytes = new byte[batch.remaining()];
      batch.get(bytes);
      heard.addAll(Frames.describe(bytes, false));
      inbound.writeComplete();
      return false;
    }

    @Override
    public void resume() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {}

    @Override
    public SocketAddress localAddress() {
      return null;
    }

    @Override
    public SocketAddress remoteAddress() {
      return null;
    }
  }
}
