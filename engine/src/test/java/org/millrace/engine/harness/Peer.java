package org.millrace.engine.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.ReferenceEncoder;

/** The other end of a connection: says frames and hears what comes back. */
public final class Peer {
  private final TestEngine engine;
  private final TestWire wire;
  private final RecordingHandler handler;
  private final Role role;

  /**
   * Made by {@link CheckedEngine}.
   *
   * @param role the engine's; the peer has the other one.
   */
  Peer(TestEngine engine, TestWire wire, RecordingHandler handler, Role role) {
    this.engine = engine;
    this.wire = wire;
    this.handler = handler;
    this.role = role;
  }

  /** The frame's bytes, masked if this peer is a client. */
  public byte[] bytes(ReferenceEncoder frame) {
    return (role == Role.SERVER ? frame.masked() : frame).encode().toArray();
  }

  /** Delivers frames, each in a read of its own. The engine does not step. */
  public Peer says(ReferenceEncoder... frames) {
    for (final ReferenceEncoder frame : frames) {
      wire.deliver(bytes(frame));
    }
    return this;
  }

  /** Steps the engine; returns the frames that have come since the last call. */
  public List<String> hears() {
    engine.step();
    return Frames.describe(wire.takeWritten(), role == Role.CLIENT);
  }

  public TestWire wire() {
    return wire;
  }

  public RecordingHandler handler() {
    return handler;
  }

  public Connection connection() {
    return handler.connection();
  }

  public long id() {
    return handler.connection().id();
  }

  /** Sends a text as another thread would. */
  public int send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes in a binary frame if they are no text, as another thread would. */
  public int send(byte[] message) {
    return engine
        .engine()
        .send(id(), Connection.AUTO, new UnsafeBuffer(message), 0, message.length);
  }

  /** Steps the engine; the connection must then be gone, with exactly one closed event. */
  public ClosedEvent closed() {
    engine.step();
    assertThat(wire.isClosed()).as("wire closed").isTrue();
    return handler.closedOnce();
  }

  public void assertOpen() {
    engine.step();
    assertThat(handler.closed()).isEmpty();
    assertThat(wire.isClosed()).as("wire closed").isFalse();
  }
}
