package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.illegal;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;

/** The transport ends, in each way and in each state of the connection (A-51, WS-36). */
class TransportEndTest {
  private final IOException cause = new IOException("Connection reset by peer");

  /** A state, and what the closed event says when the transport ends in it. */
  private enum State {
    OPEN(Initiator.REMOTE, 1006, 0),
    IN_HEADER(Initiator.REMOTE, 1006, 0),
    IN_MESSAGE(Initiator.REMOTE, 1006, 0),
    IN_CONTROL_FRAME_IN_MESSAGE(Initiator.REMOTE, 1006, 0),
    WRITING(Initiator.REMOTE, 1006, 0),
    CLOSE_SENT(Initiator.LOCAL, 1006, 1001),
    CLOSE_QUEUED(Initiator.LOCAL, 1006, 0),
    REPLY_QUEUED(Initiator.REMOTE, 1000, 0),
    LINGERING_AFTER_REPLY(Initiator.REMOTE, 1000, 1000),
    FAILURE_QUEUED(Initiator.LOCAL, 1002, 0),
    LINGERING_AFTER_FAILURE(Initiator.LOCAL, 1002, 1002);

    private final Initiator initiator;
    private final int code;
    private final int sentCode;

    State(Initiator initiator, int code, int sentCode) {
      this.initiator = initiator;
      this.code = code;
      this.sentCode = sentCode;
    }

    private void reach(CheckedEngine engine, Peer peer) {
      if (isWriting()) {
        blockWithQueue(engine, peer);
      }
      switch (this) {
        case IN_HEADER -> peer.wire().deliver(peer.bytes(text("x")), 0, 1);
        case IN_MESSAGE -> peer.says(text("fragment").notFinal());
        case IN_CONTROL_FRAME_IN_MESSAGE -> {
          peer.says(text("fragment").notFinal());
          final byte[] frame = peer.bytes(ping("long enough to be cut"));
          peer.wire().deliver(frame, 0, frame.length - 5);
        }
        case CLOSE_SENT, CLOSE_QUEUED -> engine.engine().close(peer.id(), 1001, "");
        case REPLY_QUEUED, LINGERING_AFTER_REPLY -> peer.says(close(1000));
        case FAILURE_QUEUED, LINGERING_AFTER_FAILURE -> peer.says(illegal());
        default -> {
          // there already
        }
      }
    }

    private static void blockWithQueue(CheckedEngine engine, Peer peer) {
      peer.wire().block();
      peer.send("in flight");
      engine.step();
      peer.send("queued");
      engine.step();
    }

    boolean isWriting() {
      return this == WRITING || name().endsWith("QUEUED");
    }

    /** Whether a Close of ours is still to leave, and nothing more is expected from the peer. */
    boolean isFlushing() {
      return this == REPLY_QUEUED || this == FAILURE_QUEUED;
    }
  }

  private static List<Arguments> statesAndRoles() {
    final List<Arguments> all = new ArrayList<>();
    for (final State state : State.values()) {
      for (final Role role : Role.values()) {
        all.add(Arguments.of(state, role));
      }
    }
    return all;
  }

  private static Peer reach(CheckedEngine engine, State state, Role role) {
    final Peer peer = engine.open(new ConnectionContext().role(role));
    state.reach(engine, peer);
    engine.step();
    peer.assertOpen();
    return peer;
  }

  private static void check(State state, ClosedEvent event, Throwable cause) {
    assertThat(event.initiator()).isEqualTo(state.initiator);
    assertThat(event.code()).isEqualTo(state.code);
    assertThat(event.cause()).isSameAs(cause);
    assertThat(event.sentCode()).as("sentCode").isEqualTo(state.sentCode);
    assertThat(event.clean()).as("clean").isEqualTo(state == State.LINGERING_AFTER_REPLY);
    assertThat(event.localAddress()).isNotNull();
    assertThat(event.remoteAddress()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void endOfInput(State state, Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      peer.wire().endOfInput();
      if (state.isFlushing()) {
        peer.assertOpen();
        peer.wire().unblock().completeWrite();
        final List<String> heard = peer.hears();
        assertThat(heard).containsExactly("TEXT in flight", "CLOSE " + state.code);
        final ClosedEvent event = peer.closed();
        assertThat(event.code()).isEqualTo(state.code);
        assertThat(event.sentCode()).isEqualTo(state.code);
        assertThat(event.clean()).isEqualTo(state == State.REPLY_QUEUED);
      } else {
        check(state, peer.closed(), null);
      }
      nothingComesAfter(engine, peer);
    }
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void reset(State state, Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      peer.wire().fail(cause);
      check(state, peer.closed(), cause);
      nothingComesAfter(engine, peer);
    }
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void resetAndEndOfInputTogether(State state, Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      peer.wire().endOfInput();
      peer.wire().fail(cause);
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(state.initiator);
      assertThat(event.code()).isEqualTo(state.code);
      nothingComesAfter(engine, peer);
    }
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void writeFailure(State state, Role role) {
    if (!state.isWriting()) {
      return;
    }
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      peer.wire().failWrite(cause);
      check(state, peer.closed(), cause);
      assertThat(peer.wire().calls()).doesNotContain("shutdownOutput");
      nothingComesAfter(engine, peer);
    }
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void writeFailureAfterReset(State state, Role role) {
    if (!state.isWriting()) {
      return;
    }
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      peer.wire().fail(cause);
      check(state, peer.closed(), cause);
      peer.wire().failWrite(new IOException("second"));
      assertThat(peer.closed().cause()).isSameAs(cause);
      nothingComesAfter(engine, peer);
    }
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void aSilentPeerIsGoneWithinAMinute(State state, Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      engine.advanceMillis(60_000);
      final ClosedEvent event = peer.closed();
      assertThat(event.cause()).isNull();
      if (event.sentCode() == 0) {
        assertThat(event.clean()).isFalse();
      }
      nothingComesAfter(engine, peer);
    }
  }

  @ParameterizedTest
  @MethodSource("statesAndRoles")
  void engineStop(State state, Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = reach(engine, state, role);
      engine.engine().close();
      final ClosedEvent event = peer.handler().closedOnce();
      assertThat(event.code()).isEqualTo(state.code);
      assertThat(event.cause()).isNull();
      assertThat(peer.wire().isClosed()).isTrue();
      assertThat(engine.engine().isStopped()).isTrue();
    }
  }

  private static void nothingComesAfter(CheckedEngine engine, Peer peer) {
    peer.wire().takeWritten();
    peer.wire().endOfInput();
    peer.wire().fail(new IOException("late"));
    assertThat(peer.wire().deliver(peer.bytes(text("late")))).isEqualTo(Inbound.CLOSED);
    assertThat(peer.send("late")).isEqualTo(SendResult.NOT_OPEN);
    assertThat(engine.engine().close(peer.id(), 1000, "")).isFalse();
    engine.step();
    if (peer.wire().isWriting()) {
      peer.wire().completeWrite();
    }
    engine.step();
    engine.advanceMillis(1_000);
    peer.handler().closedOnce();
    assertThat(peer.handler().calls()).endsWith("closed");
    assertThat(peer.handler().messages()).isEmpty();
  }
}
