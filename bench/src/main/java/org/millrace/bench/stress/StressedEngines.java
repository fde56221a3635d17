package org.millrace.bench.stress;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;

/**
 * Engines for one connection each, used again and again, because making one costs a hundred times
 * what a test does. Their clocks stand still: no time-out can get between the actors.
 */
final class StressedEngines {
  static final int RING_CAPACITY = 64 * 1024;

  /** An engine takes 300 KB, and jcstress gives its JVMs 256 MB. */
  private static final int MOST = 200;

  private static final ConcurrentLinkedQueue<Engine> IDLE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger LAUNCHED = new AtomicInteger();

  private StressedEngines() {}

  /**
   * An engine without a connection.
   *
   * @throws OutOfMemoryError if there are too many. jcstress tries out how many tests it can have
   *     under way at once, and takes this for the answer. It forgets the tests it made until then,
   *     so their engines are not counted any more.
   */
  static Engine take() {
    final Engine idle = IDLE.poll();
    if (idle != null) {
      return idle;
    }
    if (LAUNCHED.incrementAndGet() > MOST) {
      LAUNCHED.set(0);
      throw new OutOfMemoryError("more than " + MOST + " engines");
    }
    return Engine.launch(
        new EngineContext()
            .threadingMode(ThreadingMode.INVOKER)
            .shards(1)
            .maxConnections(1)
            .ringCapacity(RING_CAPACITY)
            .errorLogLength(4096)
            .nanoClock(() -> 0)
            .seed(1));
  }

  /** Takes back an engine whose connection has closed. */
  static void giveBack(Engine engine) {
    if (engine.errorLog().observations() == 0) {
      IDLE.add(engine);
    } else {
      LAUNCHED.decrementAndGet();
      engine.errorLog().read((count, first, last, error) -> System.err.println(error));
    }
  }
}
