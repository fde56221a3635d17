package org.millrace.engine.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.RecordingHandler.Received;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.sip.SipFraming;
import org.millrace.engine.status.EngineCounter;

/** A stream is an ordinary connection: it sends within limits, closes once, and is counted. */
class StreamConnectionTest {
  private static final String MESSAGE = "SIP/2.0 200 OK\r\nl: 2\r\n\r\nok";

  private final CheckedEngine engine = new CheckedEngine();

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  private static ConnectionContext context() {
    return new ConnectionContext().framing(SipFraming::new);
  }

  private Peer open() {
    return engine.open(context());
  }

  private static void says(Peer peer, String text) {
    peer.wire().deliver(text.getBytes(ISO_8859_1));
  }

  private String heard(Peer peer) {
    engine.step();
    return new String(peer.wire().takeWritten(), ISO_8859_1);
  }

  private static Received received(String message) {
    return new Received(Opcode.BINARY, HexFormat.of().formatHex(message.getBytes(ISO_8859_1)));
  }

  private static DirectBuffer buffer(String text) {
    return new UnsafeBuffer(text.getBytes(ISO_8859_1));
  }

  // ---- sending and receiving ----

  @Test
  void aMessageIsBinaryAndWholeHoweverItCame() {
    final Peer peer = open();
    says(peer, MESSAGE + MESSAGE.substring(0, 10));
    engine.step();
    assertThat(peer.handler().messages()).containsExactly(received(MESSAGE));
    says(peer, MESSAGE.substring(10, 20));
    says(peer, MESSAGE.substring(20));
    engine.step();
    assertThat(peer.handler().messages()).containsExactly(received(MESSAGE), received(MESSAGE));
  }

  @Test
  void messagesInPiecesDoNotMix() {
    final List<Peer> peers = List.of(open(), open(), open());
    for (int i = 0; i < 3 * MESSAGE.length(); i++) {
      for (int p = 0; p < peers.size(); p++) {
        final int at = (i + 7 * p) % MESSAGE.length();
        if (i + 7 * p >= MESSAGE.length()) {
          says(peers.get(p), MESSAGE.substring(at, at + 1));
        }
      }
      engine.step();
    }
    for (final Peer peer : peers) {
      assertThat(peer.handler().messages())
          .hasSizeGreaterThanOrEqualTo(2)
          .containsOnly(received(MESSAGE));
    }
  }

  @Test
  void messagesLeaveAsTheyAreInOneWriteACycle() {
    final Peer peer = open();
    peer.send("one\r\n");
    engine.engine().send(peer.id(), Opcode.TEXT, buffer("two"), 0, 3);
    engine.engine().send(peer.id(), Opcode.BINARY, buffer("\u00e9!"), 0, 2);
    assertThat(heard(peer)).isEqualTo("one\r\ntwo\u00e9!");
    assertThat(peer.wire().writes()).hasSize(1);
    assertThat(engine.counter(EngineCounter.STREAM_TRANSMITTED_MESSAGES)).isEqualTo(3);
  }

  @Test
  void aMessageOfNoBytesIsNoWrite() {
    final Peer peer = open();
    assertThat(peer.send("")).isEqualTo(SendResult.SENT);
    assertThat(heard(peer)).isEmpty();
    assertThat(peer.wire().writes()).isEmpty();
    engine.engine().close(peer.id(), CloseCode.NO_STATUS, null);
    engine.step();
    assertThat(peer.wire().isOutputShut()).isTrue();
  }

  @Test
  void whatWaitsBehindABlockedWriteLeavesInOrder() {
    final Peer peer = open();
    peer.wire().block();
    peer.send("first ");
    engine.step();
    peer.send("second ");
    says(peer, "\r\n\r\n");
    engine.step();
    peer.send("third");
    engine.step();
    peer.wire().unblock().completeWrite();
    assertThat(heard(peer)).isEqualTo("first second \r\nthird");
  }

  @Test
  void theHardLimitIsThatOfTheBytesAlone() {
    final Peer peer = engine.open(context().sendQueueHardLimit(256).sendQueueHighMark(256));
    assertThat(peer.send("x".repeat(257))).isEqualTo(SendResult.TOO_LONG);
    assertThat(peer.send("x".repeat(256))).isEqualTo(SendResult.SENT);
    assertThat(heard(peer)).hasSize(256);
  }

  @Test
  void aConsumerThatIsTooSlowIsFailed() {
    final Peer peer = engine.open(context().sendQueueHardLimit(256).sendQueueHighMark(256));
    peer.wire().block();
    peer.send("x".repeat(200));
    engine.step();
    peer.send("x".repeat(57));
    engine.advanceMillis(1_100);
    assertThat(peer.closed().violation()).isEqualTo(Violation.SLOW_CONSUMER);
  }

  @Test
  void aWriteThatTakesTooLongEndsTheConnection() {
    final Peer peer = open();
    peer.wire().block();
    peer.send("x");
    engine.step();
    engine.advanceMillis(10_010);
    assertThat(peer.closed().violation()).isEqualTo(Violation.SEND_TIMEOUT);
  }

  @Test
  void aMessageMayNotTakeTooManyReads() {
    final Peer peer = engine.open(context().maxReadsPerMessage(3));
    for (int i = 0; i < 3; i++) {
      says(peer, "x");
    }
    engine.step();
    peer.wire().endOfInput();
    assertThat(peer.closed().violation()).isEqualTo(Violation.TOO_MANY_READS);
  }

  @Test
  void aMessageMayNotTakeTooLong() {
    final Peer peer = open();
    says(peer, MESSAGE.substring(0, 10));
    engine.advanceMillis(5_100);
    peer.wire().endOfInput();
    assertThat(peer.closed().violation()).isEqualTo(Violation.MESSAGE_TOO_SLOW);
  }

  @Test
  void silenceBetweenMessagesMayTakeAnyTime() {
    final Peer peer = open();
    says(peer, MESSAGE.substring(0, 10));
    says(peer, MESSAGE.substring(10) + "\r");
    engine.advanceMillis(120_000);
    peer.assertOpen();
    assertThat(peer.handler().messages()).hasSize(1);
  }

  // ---- what is malformed ----

  /** Answers what is malformed, or throws. */
  private static final class Refusing extends RecordingHandler {
    private final RuntimeException fault;

    Refusing(RuntimeException fault) {
      this.fault = fault;
    }

    @Override
    public void onMalformed(
        Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {
      assertThat(connection.state()).isEqualTo(ConnectionState.OPEN);
      connection.send(Connection.AUTO, buffer("answer to "), 0, 10);
      connection.send(Connection.AUTO, buffer, offset, length);
      if (fault != null) {
        throw fault;
      }
    }
  }

  @Test
  void theLastAnswerLeavesBeforeTheEnd() {
    final Peer peer = engine.open(context(), new Refusing(null));
    says(peer, MESSAGE);
    engine.step();
    peer.wire().block();
    peer.send("busy ");
    engine.step();
    says(peer, "x\r\nl: 5\r\nl: 6\r\n\r\nbody" + MESSAGE);
    engine.step();
    assertThat(peer.wire().isOutputShut()).isFalse();
    peer.wire().unblock().completeWrite();
    assertThat(heard(peer)).isEqualTo("busy answer to x\r\nl: 5\r\nl: 6\r\n\r\n");
    assertThat(peer.wire().isOutputShut()).isTrue();
    peer.wire().endOfInput();
    assertThat(peer.closed().violation()).isEqualTo(Violation.LENGTHS_DIFFER);
    assertThat(peer.handler().messages()).hasSize(1);
    assertThat(engine.engine().violations(Violation.LENGTHS_DIFFER)).isOne();
  }

  @Test
  void aHandlerThatThrowsChangesNothing() {
    engine.expectErrors();
    final Peer peer = engine.open(context(), new Refusing(new IllegalStateException("fault")));
    says(peer, "x\r\nl: -\r\n\r\n");
    assertThat(heard(peer)).startsWith("answer to x");
    peer.wire().endOfInput();
    assertThat(peer.closed().violation()).isEqualTo(Violation.LENGTH_ILLEGAL);
    assertThat(engine.counter(EngineCounter.HANDLER_ERRORS)).isOne();
  }

  @Test
  void aWireThatFailsWithTheLastAnswerEndsItOnce() {
    final Peer peer = engine.open(context(), new Refusing(null));
    peer.wire().fault("write", new IllegalStateException("fault"));
    says(peer, "x\r\nl: -\r\n\r\n");
    assertThat(peer.closed().cause()).hasMessage("fault");
  }

  // ---- closing ----

  @Test
  void closingLetsGoWhatIsQueuedThenEndsTheDirectionThenWaits() {
    final Peer peer = open();
    peer.wire().block();
    peer.send("last words");
    engine.step();
    peer.send(" and more");
    assertThat(engine.engine().close(peer.id(), CloseCode.GOING_AWAY, "bye")).isTrue();
    engine.step();
    assertThat(peer.connection().state()).isEqualTo(ConnectionState.CLOSING);
    assertThat(peer.send("too late")).isEqualTo(SendResult.SENT);
    peer.wire().unblock().completeWrite();
    assertThat(heard(peer)).isEqualTo("last words and more");
    assertThat(peer.wire().isOutputShut()).isTrue();
    assertThat(peer.wire().isClosed()).isFalse();
    says(peer, MESSAGE);
    peer.wire().endOfInput();
    final ClosedEvent event = peer.closed();
    assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
    assertThat(event.code()).isEqualTo(CloseCode.NO_STATUS);
    assertThat(event.reason()).isEqualTo("bye");
    assertThat(event.sentCode()).isZero();
    assertThat(event.clean()).isTrue();
    assertThat(peer.handler().messages()).isEmpty();
    assertThat(engine.counter(EngineCounter.STREAM_FAILED_CONNECTIONS)).isZero();
    assertThat(engine.counter(EngineCounter.DROPPED_SENDS)).isOne();
  }

  @Test
  void aPeerThatDoesNotEndItsDirectionIsNotWaitedForLong() {
    final Peer peer = open();
    engine.engine().close(peer.id(), CloseCode.NORMAL, "");
    engine.advanceMillis(1_990);
    assertThat(peer.wire().isClosed()).isFalse();
    engine.advanceMillis(20);
    assertThat(peer.closed().code()).isEqualTo(CloseCode.ABNORMAL);
    assertThat(engine.counter(EngineCounter.STREAM_FAILED_CONNECTIONS)).isOne();
  }

  @Test
  void aPeerThatGoesOnTalkingIsNotListenedToForLong() {
    final Peer peer = engine.open(context().lingerBytes(1_000));
    engine.engine().close(peer.id(), CloseCode.NORMAL, "");
    engine.step();
    says(peer, "x".repeat(1_000));
    engine.step();
    assertThat(peer.wire().isClosed()).isFalse();
    says(peer, "x");
    assertThat(peer.closed().clean()).isFalse();
  }

  @Test
  void aPeerThatDoesNotReadHoldsUpAnEndForNoLongerThanTheCloseTimeout() {
    final Peer peer = open();
    peer.wire().block();
    peer.send("x");
    engine.step();
    engine.engine().close(peer.id(), CloseCode.NORMAL, "");
    engine.advanceMillis(4_990);
    assertThat(peer.wire().isClosed()).isFalse();
    engine.advanceMillis(20);
    assertThat(peer.closed().code()).isEqualTo(CloseCode.ABNORMAL);
  }

  @Test
  void theEndOfInputEndsTheConnectionOnceEverythingHasLeft() {
    final ActingHandler echo =
        new ActingHandler().on("message", c -> c.send(Connection.AUTO, buffer("echo"), 0, 4));
    final Peer peer = engine.open(context(), echo);
    peer.wire().block();
    says(peer, MESSAGE);
    engine.step();
    says(peer, MESSAGE + "\r\n");
    peer.wire().endOfInput();
    engine.step();
    assertThat(peer.wire().isClosed()).isFalse();
    peer.wire().unblock().completeWrite();
    assertThat(heard(peer)).isEqualTo("echoecho");
    final ClosedEvent event = peer.closed();
    assertThat(event.initiator()).isEqualTo(Initiator.REMOTE);
    assertThat(event.code()).isEqualTo(CloseCode.NO_STATUS);
    assertThat(event.clean()).isTrue();
    assertThat(peer.wire().isOutputShut()).isFalse();
  }

  @Test
  void theEndOfInputDoesNotWaitLongForABlockedWrite() {
    final Peer peer = open();
    peer.wire().block();
    peer.send("x");
    engine.step();
    peer.wire().endOfInput();
    engine.advanceMillis(990);
    assertThat(peer.wire().isClosed()).isFalse();
    engine.advanceMillis(20);
    assertThat(peer.closed().code()).isEqualTo(CloseCode.ABNORMAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 24})
  void theEndOfInputWithinAMessageIsAbnormal(int length) {
    final Peer peer = open();
    says(peer, MESSAGE.substring(0, length));
    peer.wire().endOfInput();
    final ClosedEvent event = peer.closed();
    assertThat(event.initiator()).isEqualTo(Initiator.REMOTE);
    assertThat(event.code()).isEqualTo(CloseCode.ABNORMAL);
    assertThat(event.violation()).isNull();
    assertThat(event.clean()).isFalse();
  }

  @Test
  void aResetIsAbnormal() {
    final Peer peer = open();
    peer.wire().fail(new IOException("reset"));
    final ClosedEvent event = peer.closed();
    assertThat(event.initiator()).isEqualTo(Initiator.REMOTE);
    assertThat(event.code()).isEqualTo(CloseCode.ABNORMAL);
    assertThat(event.cause()).hasMessage("reset");
  }

  @Test
  void aHandlerMayCloseWithinAMessage() {
    final ActingHandler closing =
        new ActingHandler().on("message", c -> c.close(CloseCode.NORMAL, "enough"));
    final Peer peer = engine.open(context(), closing);
    says(peer, MESSAGE + MESSAGE);
    engine.step();
    assertThat(peer.handler().messages()).hasSize(1);
    assertThat(peer.wire().isOutputShut()).isTrue();
    peer.wire().endOfInput();
    assertThat(peer.closed().clean()).isTrue();
  }

  @Test
  void aHandlerThatThrowsIsAViolationAndNothingIsWritten() {
    engine.expectErrors();
    final ActingHandler throwing =
        new ActingHandler()
            .on(
                "message",
                c -> {
                  throw new IllegalStateException("fault");
                });
    final Peer peer = engine.open(context(), throwing);
    says(peer, MESSAGE.substring(0, 5));
    says(peer, MESSAGE.substring(5));
    assertThat(heard(peer)).isEmpty();
    peer.wire().endOfInput();
    assertThat(peer.closed().violation()).isEqualTo(Violation.HANDLER_FAILED);
  }

  @Test
  void stoppingClosesStreamsToo() {
    final Peer peer = open();
    engine.engine().stop();
    engine.step();
    assertThat(peer.wire().isOutputShut()).isTrue();
    peer.wire().endOfInput();
    assertThat(peer.closed().clean()).isTrue();
  }

  // ---- the engine's part ----

  @Test
  void streamsCountApartFromWebSockets() {
    final Peer peer = open();
    says(peer, MESSAGE);
    peer.send("x");
    engine.step();
    assertThat(engine.counter(EngineCounter.STREAM_CURRENT_CONNECTIONS)).isOne();
    assertThat(engine.counter(EngineCounter.STREAM_RECEIVED_MESSAGES)).isOne();
    assertThat(engine.counter(EngineCounter.STREAM_TRANSMITTED_MESSAGES)).isOne();
    assertThat(engine.counter(EngineCounter.RECEIVED_BYTES)).isEqualTo(MESSAGE.length());
    assertThat(engine.counter(EngineCounter.TRANSMITTED_BYTES)).isOne();
    assertThat(engine.counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    assertThat(engine.counter(EngineCounter.RECEIVED_FRAMES)).isZero();
    assertThat(engine.counter(EngineCounter.TRANSMITTED_FRAMES)).isZero();
  }

  @Test
  void streamsAreVisitedAndRunAsOthersAre() {
    final Peer stream = open();
    final Peer webSocket = engine.open();
    final AtomicInteger streams = new AtomicInteger();
    final CompletableFuture<Integer> visited =
        engine.engine().visit(0, 0, 256, c -> streams.addAndGet(c.context().isStream() ? 1 : 0));
    final CompletableFuture<Boolean> ran =
        engine.engine().run(stream.id(), c -> c.send(Connection.AUTO, buffer("run"), 0, 3));
    assertThat(heard(stream)).isEqualTo("run");
    assertThat(ran).isCompletedWithValue(true);
    assertThat(visited).isCompletedWithValue(-1);
    assertThat(streams).hasValue(1);
    assertThat(webSocket.hears()).isEmpty();
  }

  @Test
  void aFramingThatCannotBeMadeCostsNoPlace() {
    final ConnectionContext faulty =
        new ConnectionContext()
            .framing(
                max -> {
                  throw new IllegalStateException("no framing");
                })
            .conclude();
    for (int i = 0; i < 300; i++) {
      final TestWire wire = new TestWire();
      assertThatThrownBy(() -> engine.engine().open(faulty, wire, new RecordingHandler()))
          .hasMessage("no framing");
      assertThat(wire.inbound()).isNull();
    }
    open().assertOpen();
    assertThat(engine.closed()).isEqualTo(List.of());
  }
}
