package org.millrace.bench.idle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.millrace.bench.wire.IdlePeers;
import org.millrace.bench.wire.MemoryWire;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.status.EngineCounter;

/**
 * An engine with a thread for its shard and many connections on which nothing happens but
 * keep-alive. Their age is spread evenly over the keep-alive time, as if they had been there for
 * long: while they are opened, and for two rounds after that, the engine's clock runs fast. From
 * then on it is the machine's.
 */
final class IdleEngine implements AutoCloseable {
  private static final int ROUNDS_BEFORE = 2;
  private static final Duration STEP = Duration.ofMillis(40);

  private static final long TURN_NS = 1_000_000;

  private static final long MOMENT_NS = 10_000;

  private final AtomicLong aheadNs = new AtomicLong();
  private final List<Thread> shardThreads = new ArrayList<>();
  private final ConnectionContext rules;
  private final IdlePeers peers;
  private final Engine engine;
  private final Thread peersThread = new Thread(this::answer, "peers");
  private volatile boolean aged;
  private volatile boolean closing;

  IdleEngine(int connections, ConnectionContext rules) {
    this.rules = rules;
    peers = new IdlePeers(connections);
    engine =
        Engine.launch(
            new EngineContext()
                .shards(1)
                .nanoClock(() -> System.nanoTime() + aheadNs.get())
                .threadFactory(
                    runnable -> {
                      final Thread thread = new Thread(runnable, "shard");
                      shardThreads.add(thread);
                      return thread;
                    }));
  }

  /** Opens the connections and lets them grow old, no faster than the peers can answer. */
  void start(int connections) {
    peersThread.setDaemon(true);
    peersThread.start();
    final MessageHandler handler = (connection, opcode, buffer, offset, length) -> {};
    final Duration round = rules.keepAliveTimeout();
    for (int i = 0; i < connections; i++) {
      open(peers.wire(i), handler);
      await(i + 1);
      aheadNs.addAndGet(round.toNanos() / connections);
    }
    for (Duration age = Duration.ZERO;
        age.compareTo(round.multipliedBy(ROUNDS_BEFORE)) < 0;
        age = age.plus(STEP)) {
      aheadNs.addAndGet(STEP.toNanos());
      do {
        LockSupport.parkNanos(TURN_NS);
      } while (peers.arePinged());
    }
    aged = true;
  }

  void open(MemoryWire wire, MessageHandler handler) {
    if (!engine.open(rules, wire, handler)) {
      throw new IllegalStateException("the engine refused a connection");
    }
  }

  /** Waits until so many connections have been opened. */
  void await(long connections) {
    while (count(EngineCounter.OPENED_CONNECTIONS) < connections) {
      LockSupport.parkNanos(MOMENT_NS);
    }
  }

  /**
   * Pings leave in groups, but the pongs of peers all over the world come one by one, and each of
   * them wakes the shard.
   */
  private void answer() {
    while (!closing) {
      peers.answer(aged ? 1 : Integer.MAX_VALUE);
      LockSupport.parkNanos(TURN_NS);
    }
  }

  long count(EngineCounter counter) {
    return engine.counter(counter);
  }

  Thread shardThread() {
    return shardThreads.get(0);
  }

  /** The transport of the idle connections. */
  Thread peersThread() {
    return peersThread;
  }

  /** The peers do not answer a Close: the clock runs on until nobody waits for them any more. */
  @Override
  public void close() {
    closing = true;
    while (!engine.isStopped()) {
      aheadNs.addAndGet(STEP.toNanos());
      engine.stop();
      LockSupport.parkNanos(TURN_NS);
    }
    engine.close();
  }
}
