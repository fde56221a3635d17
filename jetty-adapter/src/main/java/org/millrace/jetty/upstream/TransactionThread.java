package org.millrace.jetty.upstream;

import java.util.concurrent.locks.LockSupport;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentRunner;
import org.millrace.engine.shard.Doorbell;
import org.millrace.engine.shard.SpinThenPark;
import org.millrace.engine.sip.TransactionAgent;

/**
 * The thread of the paths that are stateful proxies: it runs the {@link TransactionAgent}, and
 * parks when there is nothing to do, as a shard does, so that it costs nothing and wakes at once.
 *
 * <p>Ordering: who hands something over commits it to the agent's queue, then calls {@link #wake};
 * {@link #close} sets {@code stopping}, then does the same. This thread announces that it parks,
 * then looks at the queue and at {@code stopping}. By the fences of {@link Doorbell} one of the two
 * sees the other. The doorbell knows the thread before it starts. The agent's next deadline is this
 * thread's own, so it cannot change between the look and the wait.
 */
public final class TransactionThread implements AutoCloseable {
  private static final int MAX_SPINS = 32;

  private final Doorbell doorbell = new Doorbell();
  private final int maxSpins;
  private AgentRunner runner;
  private volatile boolean stopping;

  public TransactionThread() {
    this(MAX_SPINS);
  }

  /**
   * @param maxSpins cycles without work before parking, 0 or more.
   */
  TransactionThread(int maxSpins) {
    this.maxSpins = maxSpins;
  }

  /** Any thread, when it has put something into the agent's queue. Costs a fence if it is awake. */
  public void wake() {
    doorbell.ring();
  }

  /**
   * Begins to run an agent. Once.
   *
   * @param agent whose clock is {@link System#nanoTime}.
   * @param errors hears of what must not happen.
   */
  public void start(TransactionAgent agent, ErrorHandler errors) {
    final SpinThenPark idling = new SpinThenPark(() -> park(agent), maxSpins);
    runner = new AgentRunner(idling, errors, null, agent);
    AgentRunner.startOnThread(runner, this::named);
  }

  /** Ends the thread when it has sent on what was handed over until now. Waits for that. */
  @Override
  public void close() {
    stopping = true;
    doorbell.ring();
    if (runner != null) {
      runner.close();
    }
  }

  private Thread named(Runnable work) {
    final Thread thread = new Thread(work);
    doorbell.consumer(thread);
    return thread;
  }

  /** The thread's own: looks for work once more, and waits if there is none. */
  private void park(TransactionAgent agent) {
    doorbell.announce();
    if (agent.isIdle() && !stopping) {
      await(agent.nextNs());
    }
    doorbell.withdraw();
    if (!stopping) {
      Thread.interrupted(); // of unknown origin: it would keep the thread from parking
    }
  }

  private void await(long nextNs) {
    if (nextNs == Long.MAX_VALUE) {
      LockSupport.park(this);
      return;
    }
    final long waitNs = nextNs - System.nanoTime();
    if (waitNs > 0) {
      LockSupport.parkNanos(this, waitNs);
    }
  }
}
