package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.continuation;
import static org.millrace.engine.harness.Frames.illegal;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.reference.ReferenceEncoder;

/**
 * A few connections of one engine to which anything happens at any time, with a simple model of
 * each: what its peer has said, and what was accepted for it. Whatever a transport could not do is
 * left out.
 */
final class Simulation {
  enum Kind {
    SAY_TEXT,
    SAY_FRAGMENTS,
    SAY_PING,
    SAY_CLOSE,
    SAY_NONSENSE,
    ASK_TO_CLOSE,
    SEND,
    CLOSE,
    BLOCK,
    UNBLOCK,
    COMPLETE_WRITE,
    FAIL_WRITE,
    END_OF_INPUT,
    RESET,
    FAULT,
    FLOOD,
    CYCLE,
    STEP,
    WAIT
  }

  record Action(Kind kind, int connection, int amount) {}

  /** Sends every text back, and closes when it is told to. */
  private static final class Echo extends RecordingHandler {
    private final List<String> accepted = new ArrayList<>();

    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      super.onMessage(from, opcode, buffer, offset, length);
      if (length > 0 && buffer.getByte(offset) == '!') {
        from.close(1000, "");
      } else if (SendResult.isAccepted(from.send(opcode, buffer, offset, length))) {
        final String text = buffer.getStringWithoutLengthAscii(offset, length);
        accepted.add("TEXT " + (length > 64 ? length + " bytes" : text));
      }
    }
  }

  /** One connection and what is known of it. */
  private static final class Simulated {
    private final Role role;
    private final Peer peer;
    private final List<String> said = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Echo handler;
    private int accepted;
    private boolean saidClose;
    private boolean inputEnded;
    private boolean dead;
    private int texts;

    Simulated(Role role, Peer peer, Echo handler) {
      this.role = role;
      this.peer = peer;
      this.handler = handler;
    }

    TestWire wire() {
      return peer.wire();
    }

    boolean canSpeak() {
      return !inputEnded && !dead && !wire().isStalled() && !wire().isClosed();
    }

    void hear() {
      heard.addAll(Frames.describe(wire().takeWritten(), role == Role.CLIENT));
    }
  }

  private final CheckedEngine engine;
  private final List<Simulated> all = new ArrayList<>();

  Simulation(CheckedEngine engine, int connections) {
    this.engine = engine;
    for (int i = 0; i < connections; i++) {
      final Role role = i % 2 == 0 ? Role.SERVER : Role.CLIENT;
      final ConnectionContext context =
          new ConnectionContext()
              .role(role)
              .sendQueueHighMark(2_000)
              .sendQueueHardLimit(65_536)
              .pingRate(1_000)
              .pingBurst(1_000);
      final Echo handler = new Echo();
      all.add(new Simulated(role, engine.open(context, handler), handler));
    }
  }

  void perform(Action action) {
    final Simulated c = all.get(action.connection() % all.size());
    switch (action.kind()) {
      case CYCLE -> engine.engine().doWork();
      case STEP -> {
        engine.step();
        all.forEach(Simulated::hear);
        all.forEach(Simulation::checkUpToDate);
      }
      case WAIT -> engine.advanceMillis(action.amount());
      case SEND -> send(c, action.amount());
      case CLOSE -> engine.engine().close(c.peer.id(), 1000 + action.amount() % 2, "");
      case BLOCK -> c.wire().block();
      case UNBLOCK -> c.wire().unblock();
      case COMPLETE_WRITE, FAIL_WRITE -> endWrite(c, action.kind() == Kind.FAIL_WRITE);
      case FAULT ->
          c.wire()
              .fault(
                  action.amount() % 2 == 0 ? "write" : "shutdownOutput",
                  new IllegalStateException("fault"));
      case RESET -> {
        c.dead = true;
        c.wire().fail(new IOException("reset"));
      }
      case END_OF_INPUT -> {
        if (c.canSpeak()) {
          c.inputEnded = true;
          c.wire().endOfInput();
        }
      }
      default -> speak(c, action);
    }
    all.forEach(Simulated::hear);
  }

  /** A transport that is closed takes nothing any more. */
  private static void endWrite(Simulated c, boolean fails) {
    if (!c.wire().isWriting()) {
      return;
    }
    if (fails || c.wire().isClosed()) {
      c.dead = true;
      c.wire().failWrite(new IOException("broken pipe"));
    } else {
      c.wire().completeWrite();
    }
  }

  private void speak(Simulated c, Action action) {
    if (!c.canSpeak()) {
      return;
    }
    switch (action.kind()) {
      case SAY_TEXT -> say(c, action.amount(), text(nextText(c, action.amount())));
      case SAY_FRAGMENTS -> {
        final String whole = nextText(c, action.amount());
        say(
            c,
            action.amount(),
            text(whole.substring(0, 1)).notFinal(),
            ping("between"),
            continuation(whole.substring(1)));
      }
      case SAY_PING -> say(c, action.amount(), ping("p" + action.amount()));
      case SAY_CLOSE -> {
        c.saidClose = true;
        say(c, action.amount(), close(1001, "bye"));
      }
      case SAY_NONSENSE -> say(c, action.amount(), illegal());
      case ASK_TO_CLOSE -> say(c, action.amount(), text("!"));
      case FLOOD -> {
        // as much as the ring takes, and then some: the wire stalls
        for (int i = 0; i < 20 && c.canSpeak(); i++) {
          say(c, 0, text(nextText(c, 4_000)));
        }
      }
      default -> throw new AssertionError(action);
    }
  }

  /** Delivers the frames in one read, or in several of {@code amount % 50} bytes. */
  private void say(Simulated c, int amount, ReferenceEncoder... frames) {
    for (final ReferenceEncoder frame : frames) {
      final byte[] bytes = c.peer.bytes(frame);
      final int piece = amount % 50 == 0 ? bytes.length : amount % 50;
      for (int at = 0; at < bytes.length; at += piece) {
        if (c.wire().isStalled()) {
          engine.step();
        }
        if (!c.canSpeak()) {
          return;
        }
        c.wire().deliver(bytes, at, Math.min(piece, bytes.length - at));
      }
    }
  }

  /** A text that is not like the one before, noted as said. */
  private static String nextText(Simulated c, int amount) {
    final String text = "m" + c.texts++ + "-".repeat(amount % 3_000);
    c.said.add(HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII)));
    return text;
  }

  private void send(Simulated c, int amount) {
    final byte[] bytes = new byte[amount % 5_000];
    final int result =
        engine.engine().send(c.peer.id(), Opcode.BINARY, new UnsafeBuffer(bytes), 0, bytes.length);
    if (SendResult.isAccepted(result)) {
      c.accepted++;
    }
  }

  /** Whatever is silent from now on has to be gone in a minute. */
  void fallSilent() {
    for (int i = 0; i < 1_200; i++) {
      engine.stepped().clock().advance(Duration.ofMillis(50));
      engine.step();
    }
    all.forEach(Simulated::hear);
    for (final Simulated c : all) {
      assertThat(c.wire().isClosed()).as("silent for a minute").isTrue();
    }
  }

  void stop() {
    engine.engine().close();
    all.forEach(Simulated::hear);
    assertThat(engine.engine().isStopped()).isTrue();
    for (final Simulated c : all) {
      assertThat(c.wire().isClosed()).isTrue();
    }
  }

  void resetAll() {
    for (final Simulated c : all) {
      c.wire().fail(new IOException("end"));
    }
    engine.step();
    all.forEach(Simulated::hear);
  }

  void check() {
    for (final Simulated c : all) {
      checkWritten(c);
      checkReceived(c);
      checkEvent(c);
    }
  }

  private static void checkWritten(Simulated c) {
    final List<String> closes = c.heard.stream().filter(f -> f.startsWith("CLOSE")).toList();
    assertThat(closes).as("closes").hasSizeLessThanOrEqualTo(1);
    if (!closes.isEmpty()) {
      assertThat(c.heard).as("last frame").endsWith(closes.get(0));
    }
    assertThat(c.heard).as("fragments").noneMatch(frame -> frame.endsWith("+"));
    final List<String> echoes = heard(c, "TEXT");
    assertThat(echoes).hasSizeLessThanOrEqualTo(c.handler.accepted.size());
    assertThat(echoes).isEqualTo(c.handler.accepted.subList(0, echoes.size()));
    assertThat(heard(c, "BINARY")).hasSizeLessThanOrEqualTo(c.accepted);
  }

  /** An open connection whose transport takes everything owes nothing once the engine rests. */
  private static void checkUpToDate(Simulated c) {
    if (c.peer.connection().state() == ConnectionState.OPEN) {
      assertThat(received(c)).as("received").isEqualTo(c.said);
      if (!c.wire().isWriting()) {
        assertThat(heard(c, "TEXT")).as("echoes").isEqualTo(c.handler.accepted);
        assertThat(heard(c, "BINARY")).as("sent").hasSize(c.accepted);
      }
    }
  }

  private static List<String> heard(Simulated c, String name) {
    return c.heard.stream().filter(frame -> frame.startsWith(name)).toList();
  }

  private static List<String> received(Simulated c) {
    return c.peer.handler().messages().stream()
        .map(RecordingHandler.Received::payload)
        .filter(payload -> !payload.equals("21"))
        .toList();
  }

  /** What the handler has got is the beginning of what the peer has said. */
  private static void checkReceived(Simulated c) {
    final List<String> received = received(c);
    assertThat(received).hasSizeLessThanOrEqualTo(c.said.size());
    assertThat(received).isEqualTo(c.said.subList(0, received.size()));
  }

  private static void checkEvent(Simulated c) {
    final ClosedEvent event = c.peer.handler().closedOnce();
    final boolean closeLeft = c.heard.stream().anyMatch(f -> f.startsWith("CLOSE"));
    if (closeLeft && !c.wire().isWriting()) {
      assertThat(c.heard).endsWith("CLOSE " + event.sentCode());
    }
    if (!closeLeft && !c.wire().isWriting()) {
      assertThat(event.sentCode()).as("sentCode").isZero();
    }
    if (event.clean()) {
      assertThat(closeLeft).as("our Close left").isTrue();
      assertThat(c.saidClose).as("the peer's Close came").isTrue();
    }
    assertThat(event.code()).isIn(1001, 1002, 1006, 1008, 1011, 1013);
  }
}
