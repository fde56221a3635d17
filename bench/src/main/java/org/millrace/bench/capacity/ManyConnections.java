package org.millrace.bench.capacity;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.bench.wire.IdlePeers;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.status.EngineCounter;

/**
 * An engine in invoker mode with many idle connections, on a clock that stands still but for {@link
 * #advance}. All of them open at the same instant, as if a whole site had come back at once. They
 * share their rules and a handler; wires and peers are made before.
 */
final class ManyConnections implements AutoCloseable {
  private static final int OPENED_AT_ONCE = 512;

  private final AtomicLong clockNs = new AtomicLong();
  private final ConnectionContext rules;
  private final IdlePeers peers;
  private final Engine engine;

  /**
   * @param peers as many as there shall be connections.
   */
  ManyConnections(int connections, int shards, ConnectionContext rules, IdlePeers peers) {
    this.rules = rules;
    this.peers = peers;
    engine =
        Engine.launch(
            new EngineContext()
                .threadingMode(ThreadingMode.INVOKER)
                .shards(shards)
                .maxConnections(connections)
                .nanoClock(clockNs::get));
    final MessageHandler handler = (connection, opcode, buffer, offset, length) -> {};
    for (int i = 0; i < connections; i++) {
      if (!engine.open(rules, peers.wire(i), handler)) {
        throw new IllegalStateException("the engine refused connection " + i);
      }
      if (i % OPENED_AT_ONCE == 0) {
        rest();
      }
    }
    rest();
  }

  private void rest() {
    while (engine.doWork() > 0) {
      // until nothing is left to do
    }
  }

  /** One duty cycle of every shard; returns how much was done. */
  int cycle() {
    return engine.doWork();
  }

  void advance(Duration time) {
    clockNs.addAndGet(time.toNanos());
  }

  ConnectionContext rules() {
    return rules;
  }

  IdlePeers peers() {
    return peers;
  }

  long count(EngineCounter counter) {
    return engine.counter(counter);
  }

  @Override
  public void close() {
    engine.close();
  }
}
