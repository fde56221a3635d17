package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.continuation;
import static org.millrace.engine.harness.Frames.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** What handlers and listeners may do to a connection within callbacks, and what they throw. */
class CallbackTest {
  private static final int HIGH_MARK = 1_000;

  private static ConnectionContext context() {
    return new ConnectionContext()
        .keepAliveMechanism(KeepAliveMechanism.NONE)
        .sendQueueHighMark(HIGH_MARK);
  }

  /** Makes the callback come; returns what the peer has heard in the end. */
  private static List<String> provoke(CheckedEngine engine, Peer peer, String call) {
    switch (call) {
      case "message" -> peer.says(text("provoke"));
      case "writable" -> {
        peer.wire().block();
        peer.send(new byte[HIGH_MARK + 1]);
        engine.step();
        peer.wire().unblock().completeWrite();
      }
      case "closing", "closed" -> {
        peer.says(close(1000));
        engine.step();
        peer.wire().endOfInput();
      }
      default -> {
        // the connection is open
      }
    }
    return peer.hears();
  }

  @ParameterizedTest
  @ValueSource(strings = {"opened", "message", "writable"})
  void whatThrowsCostsItsOwnConnectionOnly(String call) {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer bystander = engine.open(context());
      final Peer peer =
          engine.open(context(), new ActingHandler().on(call, c -> boom(new Error("boom"))));
      assertThat(provoke(engine, peer, call)).endsWith("CLOSE 1011");
      assertThat(peer.wire().calls()).containsExactly("opened", "shutdownOutput");
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.code()).isEqualTo(1011);
      assertThat(event.violation()).isEqualTo(Violation.HANDLER_FAILED);
      assertThat(engine.counter(EngineCounter.HANDLER_ERRORS)).isOne();
      assertThat(errors(engine)).containsExactly("boom");
      assertEchoes(engine, bystander);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"closing", "closed"})
  void whatThrowsWhileItClosesChangesNothingElse(String call) {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer bystander = engine.open(context());
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler().on(call, c -> boom(new IllegalStateException("boom"))));
      assertThat(provoke(engine, peer, call)).containsExactly("CLOSE 1000");
      assertThat(peer.closed().clean()).isTrue();
      assertThat(engine.counter(EngineCounter.HANDLER_ERRORS)).isOne();
      assertThat(errors(engine)).containsExactly("boom");
      assertEchoes(engine, bystander);
    }
  }

  @Test
  void aHandlerThatThrowsOnEveryCallStillGetsAllOfThem() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final ActingHandler handler = new ActingHandler();
      for (final String call : List.of("opened", "message", "writable", "closing", "closed")) {
        handler.on(call, c -> boom(new AssertionError(call)));
      }
      final Peer peer = engine.open(context(), handler);
      assertThat(peer.hears()).containsExactly("CLOSE 1011");
      peer.wire().endOfInput();
      peer.closed();
      assertThat(handler.calls()).containsExactly("opened", "closing", "closed");
      assertThat(engine.counter(EngineCounter.HANDLER_ERRORS)).isEqualTo(3);
    }
  }

  @Test
  void whatThrowsFromAnAssembledMessageGivesItsBufferBack() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer peer =
          engine.open(context(), new ActingHandler().on("message", c -> boom(new Error("boom"))));
      peer.says(text("frag").notFinal(), continuation("ment"), text("not read"));
      assertThat(peer.hears()).containsExactly("CLOSE 1011");
      assertThat(peer.handler().messages()).hasSize(1);
      assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    }
  }

  @Test
  void oneThatClosesAndThenThrowsSendsOneClose() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      "message",
                      c -> {
                        c.close(1000, "");
                        boom(new Error("boom"));
                      }));
      assertThat(provoke(engine, peer, "message")).containsExactly("CLOSE 1000");
      peer.wire().endOfInput();
      assertThat(peer.closed().sentCode()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"opened", "message", "writable"})
  void sendsWithinCallback(String call) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final List<Integer> results = new ArrayList<>();
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      call,
                      c -> {
                        results.add(send(c, "direct"));
                        results.add(send(engine, c, "through the engine"));
                      }));
      assertThat(provoke(engine, peer, call)).endsWith("TEXT direct", "TEXT through the engine");
      assertThat(results).containsExactly(SendResult.SENT, SendResult.SENT);
      peer.assertOpen();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"closing", "closed"})
  void sendsNothingOnceItIsClosing(String call) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final List<Integer> results = new ArrayList<>();
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      call,
                      c -> {
                        results.add(send(c, "direct"));
                        results.add(send(engine, c, "through the engine"));
                      }));
      assertThat(provoke(engine, peer, call)).containsExactly("CLOSE 1000");
      assertThat(results).containsExactly(SendResult.NOT_OPEN, SendResult.NOT_OPEN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"opened", "message", "writable", "closing", "closed"})
  void closesWithinCallback(String call) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final List<Boolean> results = new ArrayList<>();
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      call,
                      c -> {
                        results.add(c.close(1001, ""));
                        results.add(c.close(1001, "again"));
                      }));
      final boolean open = List.of("opened", "message", "writable").contains(call);
      assertThat(provoke(engine, peer, call)).endsWith("CLOSE " + (open ? 1001 : 1000));
      assertThat(results).containsExactly(open, false);
      peer.wire().endOfInput();
      peer.closed();
    }
  }

  /** Nothing can have left yet, which is not the peer's fault. */
  @Test
  void aBurstWithinOnOpenedIsNoSlowConsumer() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context().sendQueueMaxMessages(10),
              new ActingHandler()
                  .on(
                      "opened",
                      c -> {
                        for (int i = 0; i < 30; i++) {
                          assertThat(SendResult.isAccepted(send(c, "burst"))).isTrue();
                        }
                      }));
      assertThat(peer.hears()).hasSize(30);
      peer.assertOpen();
    }
  }

  /** Memory rule 1, though the wire may use its buffer for something else once it is closed. */
  @Test
  void theBytesOfAMessageStayUntilTheCallbackReturns() {
    final List<String> seen = new ArrayList<>();
    final RecordingHandler handler =
        new RecordingHandler() {
          @Override
          public void onMessage(
              Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
            super.onMessage(from, opcode, buffer, offset, length);
            from.send(Opcode.BINARY, new UnsafeBuffer(new byte[HIGH_MARK + 1]), 0, HIGH_MARK + 1);
            seen.add(from.state() + " " + buffer.getStringWithoutLengthAscii(offset, length));
          }
        };
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().ringCapacity(65_536))) {
      engine.expectErrors();
      final Peer filler = engine.open(context());
      while (!filler.wire().isStalled()) {
        filler.says(text("x".repeat(4_000)));
      }
      final TestWire wire = new TestWire().fault("write", new IllegalStateException("fault"));
      final Peer peer = engine.open(context(), wire, handler);
      while (!filler.wire().isStalled()) {
        filler.says(text("x".repeat(4_000)));
      }
      wire.deliver(peer.bytes(text("m".repeat(5_000))));
      assertThat(wire.isStalled()).isTrue();
      peer.closed();
      assertThat(seen).hasSize(1);
      assertThat(seen.get(0)).endsWith(" " + "m".repeat(5_000));
    }
  }

  @Test
  void closesAnotherConnectionWithinACallback() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer other = engine.open(context());
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on("message", c -> engine.engine().close(other.id(), 1000, "by the other")));
      provoke(engine, peer, "message");
      assertThat(other.hears()).containsExactly("CLOSE 1000 by the other");
      peer.assertOpen();
    }
  }

  @Test
  void opensAConnectionWithinACallback() {
    try (TestEngine engine = new TestEngine(CheckedEngine.small())) {
      final RecordingHandler inner = new RecordingHandler();
      final TestWire innerWire = new TestWire();
      final ConnectionContext context = context().conclude();
      engine.open(
          context,
          new ActingHandler().on("opened", c -> engine.engine().open(context, innerWire, inner)));
      assertThat(innerWire.isOpened()).isTrue();
      assertThat(inner.calls()).containsExactly("opened");
    }
  }

  @Test
  void dutyCyclesDoNotNest() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      "message",
                      c ->
                          assertThatThrownBy(() -> engine.engine().doWork())
                              .isInstanceOf(IllegalStateException.class)));
      provoke(engine, peer, "message");
      peer.assertOpen();
    }
  }

  /** It would wait for itself. */
  @Test
  void theEngineIsNotClosedWithinACallback() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(),
              new ActingHandler()
                  .on(
                      "message",
                      c ->
                          assertThatThrownBy(() -> engine.engine().close())
                              .isInstanceOf(IllegalStateException.class)));
      provoke(engine, peer, "message");
      peer.assertOpen();
    }
  }

  private static int send(Connection connection, String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return connection.send(Opcode.TEXT, new UnsafeBuffer(bytes), 0, bytes.length);
  }

  private static int send(CheckedEngine engine, Connection connection, String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return engine
        .engine()
        .send(connection.id(), Opcode.TEXT, new UnsafeBuffer(bytes), 0, bytes.length);
  }

  private static void assertEchoes(CheckedEngine engine, Peer bystander) {
    bystander.says(text("well?"));
    bystander.send("well");
    assertThat(bystander.hears()).containsExactly("TEXT well");
    assertThat(bystander.handler().messages()).hasSize(1);
    bystander.assertOpen();
    engine.step();
  }

  private static List<String> errors(CheckedEngine engine) {
    final List<String> errors = new ArrayList<>();
    engine
        .engine()
        .errorLog()
        .read(
            (count, first, last, error) ->
                errors.add(error.lines().findFirst().orElse("").replaceFirst(".*: ", "")));
    return errors;
  }

  private static void boom(Throwable error) {
    CallbackTest.<RuntimeException>throwIt(error);
  }

  @SuppressWarnings("unchecked") // throws whatever it is given
  private static <T extends Throwable> void throwIt(Throwable error) throws T {
    throw (T) error;
  }
}
