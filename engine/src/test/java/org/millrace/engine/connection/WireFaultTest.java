package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.illegal;
import static org.millrace.engine.harness.Frames.text;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.ActingHandler;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** A wire whose methods throw: the connection ends as if the wire had failed. */
class WireFaultTest {
  private final IllegalStateException fault = new IllegalStateException("fault");

  private static ConnectionContext context() {
    return new ConnectionContext()
        .keepAliveMechanism(KeepAliveMechanism.NONE)
        .sendQueueHighMark(1_000);
  }

  private void assertEnded(CheckedEngine engine, Peer peer) {
    final ClosedEvent event = peer.closed();
    assertThat(event.cause()).isSameAs(fault);
    assertThat(peer.wire().calls()).endsWith("close").containsOnlyOnce("close");
    assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    // What the connection did to the wire after the fault must not have been wrong in itself.
    assertThat(
            engine
                .engine()
                .errorLog()
                .read((count, first, last, error) -> assertThat(error).contains("fault")))
        .isLessThanOrEqualTo(1);
  }

  @Test
  void throwsFromAttached() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().maxConnections(1))) {
      final ConnectionContext context = context().conclude();
      final TestWire wire = new TestWire().fault("attached", fault);
      assertThatThrownBy(() -> engine.engine().open(context, wire, new RecordingHandler()))
          .isSameAs(fault);
      engine.step();
      engine.open(context).assertOpen();
    }
  }

  @Test
  void throwsFromOpened() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer peer =
          engine.open(context(), new TestWire().fault("opened", fault), new RecordingHandler());
      assertEnded(engine, peer);
    }
  }

  @Test
  void throwsFromWrite() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer peer = engine.open(context());
      peer.wire().fault("write", fault);
      peer.send("x");
      assertEnded(engine, peer);
      assertThat(peer.closed().code()).isEqualTo(1006);
    }
  }

  @Test
  void throwsFromWriteOfAReply() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer peer = engine.open(context());
      peer.wire().fault("write", fault);
      peer.says(Frames.close(1001));
      assertEnded(engine, peer);
      assertThat(peer.wire().isOutputShut()).isFalse();
      assertThat(peer.closed().code()).isEqualTo(1001);
      assertThat(peer.closed().sentCode()).isZero();
      assertThat(peer.closed().clean()).isFalse();
    }
  }

  @Test
  void throwsFromWriteWithinACallback() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final ActingHandler handler =
          new ActingHandler()
              .on(
                  "message",
                  c -> {
                    c.send(Opcode.BINARY, new UnsafeBuffer(new byte[2_000]), 0, 2_000);
                    assertThat(c.state()).isEqualTo(ConnectionState.CLOSED);
                    assertThat(c.send(Opcode.TEXT, new UnsafeBuffer(new byte[1]), 0, 1))
                        .isEqualTo(SendResult.NOT_OPEN);
                  });
      final Peer peer = engine.open(context(), handler);
      peer.wire().fault("write", fault);
      peer.says(text("go"), text("not read"));
      assertEnded(engine, peer);
      assertThat(handler.messages()).hasSize(1);
    }
  }

  @Test
  void throwsFromWriteWithinOnOpened() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final ActingHandler handler =
          new ActingHandler()
              .on(
                  "opened",
                  c -> c.send(Opcode.BINARY, new UnsafeBuffer(new byte[2_000]), 0, 2_000));
      final Peer peer = engine.open(context(), new TestWire().fault("write", fault), handler);
      assertEnded(engine, peer);
    }
  }

  @Test
  void throwsFromShutdownOutput() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer answering = engine.open(context());
      answering.wire().fault("shutdownOutput", fault);
      answering.says(Frames.close(1000));
      assertEnded(engine, answering);
      assertThat(answering.closed().code()).isEqualTo(1000);
      final Peer failing = engine.open(context());
      failing.wire().fault("shutdownOutput", fault);
      failing.says(illegal());
      assertEnded(engine, failing);
      assertThat(failing.closed().code()).isEqualTo(1002);
    }
  }

  @Test
  void throwsFromResume() {
    try (CheckedEngine engine = new CheckedEngine(CheckedEngine.small().ringCapacity(65_536))) {
      engine.expectErrors();
      final Peer peer = engine.open(context());
      peer.wire().fault("resume", fault);
      while (!peer.wire().isStalled()) {
        peer.says(text("x".repeat(4_000)));
      }
      assertEnded(engine, peer);
    }
  }

  @Test
  void throwsFromClose() {
    try (CheckedEngine engine = new CheckedEngine()) {
      engine.expectErrors();
      final Peer peer = engine.open(context());
      peer.wire().fault("close", fault);
      peer.wire().fail(new IOException("reset"));
      peer.closed();
      assertThat(engine.counter(EngineCounter.ERRORS)).isOne();
      assertThat(engine.counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    }
  }

  @Test
  void throwsFromAddresses() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context());
      peer.wire().fault("localAddress", fault).fault("remoteAddress", fault);
      peer.wire().endOfInput();
      assertThat(peer.closed().localAddress()).isNull();
      assertThat(peer.closed().remoteAddress()).isNull();
    }
  }

  /** A transport may fail at any time, also before the shard has come to know of it. */
  @Test
  void failsBeforeItIsOpen() {
    try (TestEngine engine = new TestEngine(CheckedEngine.small())) {
      final TestWire wire = new TestWire();
      final RecordingHandler handler = new RecordingHandler();
      engine.engine().open(context().conclude(), wire, handler);
      wire.fail(fault);
      engine.step();
      assertThat(handler.calls()).containsExactly("opened", "closing", "closed");
      assertThat(handler.closedOnce().cause()).isSameAs(fault);
      assertThat(engine.engine().counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    }
  }

  @Test
  void failsWithinAttached() {
    try (TestEngine engine = new TestEngine(CheckedEngine.small())) {
      final RecordingHandler handler = new RecordingHandler();
      final HastyWire wire = new HastyWire(fault);
      engine.engine().open(context().conclude(), wire, handler);
      engine.step();
      assertThat(handler.calls()).containsExactly("opened", "closing", "closed");
      assertThat(engine.engine().counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    }
  }

  /** Dead on arrival. */
  private record HastyWire(Throwable cause) implements Wire {
    @Override
    public void attached(Inbound inbound) {
      inbound.failed(cause);
    }

    @Override
    public void opened() {}

    @Override
    public boolean write(ByteBuffer batch) {
      throw new IllegalStateException("write to a dead wire");
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
