package org.millrace.engine.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.status.EngineCounter;

/**
 * A {@link TestEngine} that holds each test to what must be true of every engine. When it is closed
 * it ends all connections, then checks: one opened and one closed event for each, to handler and
 * listener alike; no pooled buffer in use; counters that agree; an empty error log.
 */
public final class CheckedEngine implements AutoCloseable {
  private final RecordingListener listener = new RecordingListener();
  private final TestEngine engine;
  private final List<Peer> peers = new ArrayList<>();

  public CheckedEngine() {
    this(small());
  }

  /** Limits that make an engine quick to launch. */
  public static EngineContext small() {
    return new EngineContext().maxConnections(256).ringCapacity(1 << 20);
  }

  public CheckedEngine(EngineContext context) {
    engine = new TestEngine(context.listener(listener));
  }

  public Peer open() {
    return open(new ConnectionContext());
  }

  public Peer open(ConnectionContext context) {
    return open(context, new RecordingHandler());
  }

  public Peer open(ConnectionContext context, RecordingHandler handler) {
    return open(context, new TestWire(), handler);
  }

  public Peer open(ConnectionContext context, TestWire wire, RecordingHandler handler) {
    final Peer peer = new Peer(engine, wire, handler, context.role());
    engine.open(context, wire, handler);
    peers.add(peer);
    return peer;
  }

  public Engine engine() {
    return engine.engine();
  }

  public TestEngine stepped() {
    return engine;
  }

  public void step() {
    engine.step();
  }

  public void advance(Duration time) {
    engine.advance(time);
  }

  public void advanceMillis(long millis) {
    engine.advance(Duration.ofMillis(millis));
  }

  public long counter(EngineCounter counter) {
    return engine.engine().counter(counter);
  }

  /** All closed events of the engine. */
  public List<ClosedEvent> closed() {
    return listener.closed();
  }

  public RecordingListener listener() {
    return listener;
  }

  public void expectErrors() {
    engine.expectErrors();
  }

  @Override
  public void close() {
    endAll();
    for (final Peer peer : peers) {
      final List<String> calls = peer.handler().calls();
      assertThat(calls).startsWith("opened").endsWith("closed");
      assertThat(calls).containsOnlyOnce("opened", "closing", "closed");
      peer.handler().closedOnce();
    }
    assertThat(listener.closed().stream().map(ClosedEvent::id))
        .as("closed events")
        .containsExactlyInAnyOrderElementsOf(listener.opened());
    assertThat(listener.opened()).hasSize(peers.size());
    assertThat(counter(EngineCounter.OPENED_CONNECTIONS)).isEqualTo(peers.size());
    assertThat(counter(EngineCounter.CLOSED_CONNECTIONS)).isEqualTo(peers.size());
    assertThat(counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    assertThat(counter(EngineCounter.STREAM_CURRENT_CONNECTIONS)).isZero();
    assertThat(
            counter(EngineCounter.LOCAL_CLOSED_CONNECTIONS)
                + counter(EngineCounter.REMOTE_CLOSED_CONNECTIONS))
        .as("closed connections that are no streams")
        .isEqualTo(peers.stream().filter(peer -> !peer.connection().context().isStream()).count());
    // A stopped engine does not hear of writes that end later.
    if (peers.stream().noneMatch(peer -> peer.wire().isWriting())) {
      assertThat(counter(EngineCounter.POOLED_BYTES_IN_USE)).as("pooled bytes in use").isZero();
    }
    engine.close();
  }

  private void endAll() {
    for (final Peer peer : peers) {
      if (!peer.wire().isClosed()) {
        peer.wire().fail(new IOException("end of test"));
      }
    }
    step();
    for (final Peer peer : peers) {
      if (peer.wire().isWriting() && !engine().isStopped()) {
        peer.wire().completeWrite();
      }
    }
    step();
  }
}
