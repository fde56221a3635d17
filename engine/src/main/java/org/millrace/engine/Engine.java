package org.millrace.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;
import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.connection.Wire;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.shard.ConnectionId;
import org.millrace.engine.shard.Shard;
import org.millrace.engine.shard.ShardSettings;
import org.millrace.engine.status.EngineCounter;
import org.millrace.engine.status.ErrorLog;
import org.millrace.engine.status.SharedCounters;

/**
 * A WebSocket engine: shards that own connections, between transports and handlers.
 *
 * <p>Everything here may be called from any thread, but {@link #doWork} and, in invoker mode,
 * {@link #close} by one at a time. Nothing but close waits.
 */
public final class Engine implements AutoCloseable {
  private static final long STOP_SLACK_MS = 1_000;

  private final EngineContext context;
  private final NanoClock sinceStart;
  private final ErrorLog errorLog;
  private final SharedCounters shared = new SharedCounters();
  private final Shard[] shards;
  private final List<AgentRunner> runners = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger nextShard = new AtomicInteger();
  private final long bufferMemoryPerShard;

  private Engine(EngineContext context) {
    this.context = context;
    errorLog = new ErrorLog(context.errorLogLength(), context.epochClock());
    bufferMemoryPerShard = context.bufferMemoryLimit() / context.shards();
    final long originNs = context.nanoClock().nanoTime();
    sinceStart = () -> context.nanoClock().nanoTime() - originNs;
    shards = new Shard[context.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(shardSettings(i));
    }
  }

  private ShardSettings shardSettings(int index) {
    return new ShardSettings(
        index,
        sinceStart,
        context.ringCapacity(),
        context.maxConnectionsOfShard(index),
        context.recordsPerCycle(),
        context.signalsPerCycle(),
        context.timersPerCycle(),
        bufferMemoryPerShard,
        context.bufferMemoryRetained() / context.shards(),
        context.cycleThreshold().toNanos(),
        context.stopTimeout().toNanos(),
        context.maskingKeys().get(),
        errorLog,
        context.listener(),
        shared,
        context.seed() + index);
  }

  /**
   * Concludes the context and starts an engine with it.
   *
   * @throws ConfigurationException if a setting cannot be.
   */
  public static Engine launch(EngineContext context) {
    final Engine engine = new Engine(context.conclude());
    if (context.threadingMode() == ThreadingMode.DEDICATED) {
      try {
        engine.startThreads();
      } catch (Throwable t) {
        engine.close(); // what has been started
        throw t;
      }
    }
    return engine;
  }

  private void startThreads() {
    for (final Shard shard : shards) {
      final AgentRunner runner =
          new AgentRunner(shard.waiting(context.idleSpins()), errorLog, null, shard);
      threads.add(AgentRunner.startOnThread(runner, context.threadFactory()));
      runners.add(runner);
    }
  }

  /**
   * Takes over a connection whose opening handshake is done. The wire is told by {@link
   * Wire#attached} within this call, then by {@link Wire#opened} on the shard.
   *
   * @param connectionContext concluded.
   * @return false, and nothing called, if the engine is full or stopping.
   * @throws ConfigurationException if the rules for the connection contradict the engine's limits.
   */
  public boolean open(ConnectionContext connectionContext, Wire wire, MessageHandler handler) {
    check(connectionContext);
    final int first = nextShard.getAndIncrement();
    for (int i = 0; i < shards.length; i++) {
      if (shards[Math.floorMod(first + i, shards.length)].open(connectionContext, wire, handler)) {
        return true;
      }
    }
    shared.increment(EngineCounter.REFUSED_CONNECTIONS);
    return false;
  }

  private void check(ConnectionContext connectionContext) {
    if (!connectionContext.isConcluded()) {
      throw new IllegalStateException("the connection context has not been concluded");
    }
    fits("maxMessageSize", connectionContext.maxMessageSize(), connectionContext.maxMessageSize());
    fits(
        "sendQueueHardLimit",
        connectionContext.sendQueueHardLimit(),
        connectionContext.longestBatch());
  }

  /** Pooled buffers are powers of two, and one that grows is there twice for a moment. */
  private void fits(String name, int value, int bytes) {
    final long needed = BitUtil.findNextPositivePowerOfTwo(bytes) * 3L / 2;
    ConfigurationException.require(
        needed <= bufferMemoryPerShard,
        name,
        value,
        "needs up to "
            + needed
            + " bytes of buffers, but a shard's part of bufferMemoryLimit is "
            + bufferMemoryPerShard);
  }

  /**
   * Sends a message from any thread; from within a callback of the same shard at once, else through
   * the shard's ring. An accepted message is lost only if the connection ends, or turns out to be
   * over its send limits, before it is written.
   *
   * @param opcode TEXT, whose bytes the caller vouches for, BINARY, or {@link Connection#AUTO}.
   * @param buffer holds the message; the caller's again when this returns.
   * @return one of {@link SendResult}; SLOW_CONSUMER only from within a callback.
   * @throws IllegalArgumentException for any other opcode.
   */
  public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
    if (opcode != Opcode.TEXT && opcode != Opcode.BINARY && opcode != Connection.AUTO) {
      throw new IllegalArgumentException("opcode=" + opcode + ": must be TEXT, BINARY or AUTO");
    }
    final Shard shard = shardOf(id);
    return shard == null ? SendResult.NOT_OPEN : shard.send(id, opcode, buffer, offset, length);
  }

  /**
   * Begins a closing handshake from any thread.
   *
   * @param code as for {@link Connection#close}.
   * @return whether there is a connection with that id.
   */
  public boolean close(long id, int code, String reason) {
    final Shard shard = shardOf(id);
    return shard != null && shard.close(id, code, reason);
  }

  /**
   * Hands the connection with that id, if there is one, to {@code action} on the shard that owns
   * it, between frames. It does not keep the order of sends and closes from other threads.
   *
   * <p>The future is completed on the shard, so whatever hangs on it is for an executor, and nobody
   * may wait for it from within a callback. It is always completed: exceptionally if the action has
   * thrown; false if the engine has stopped.
   *
   * @return whether there was such a connection.
   */
  public CompletableFuture<Boolean> run(long id, Consumer<? super Connection> action) {
    final Shard shard = shardOf(id);
    return shard == null ? CompletableFuture.completedFuture(false) : shard.run(id, action);
  }

  /**
   * Shows the connections of a shard to {@code visitor} on that shard, between frames, a part of
   * them: so that all are seen a part at a time, each at most once, and those that are there all
   * the while exactly once. The future is as with {@link #run}.
   *
   * @param shard from 0 to before {@link EngineContext#shards()}.
   * @param fromSlot 0, or where the part before has ended.
   * @param slots how many slots of the shard's table to look into; a slot may be empty.
   * @return the slot to go on from; -1 if there is none, or the engine has stopped.
   */
  public CompletableFuture<Integer> visit(
      int shard, int fromSlot, int slots, Consumer<? super Connection> visitor) {
    return shards[shard].visit(fromSlot, slots, visitor);
  }

  private Shard shardOf(long id) {
    final int index = ConnectionId.shard(id);
    return id > 0 && index < shards.length ? shards[index] : null;
  }

  /**
   * One duty cycle of every shard, in {@link ThreadingMode#INVOKER} only.
   *
   * @return how much was done; 0 when there was nothing to do.
   */
  public int doWork() {
    if (context.threadingMode() != ThreadingMode.INVOKER) {
      throw new IllegalStateException("the shards have threads of their own");
    }
    int work = 0;
    for (final Shard shard : shards) {
      try {
        work += shard.doWork();
      } catch (AgentTerminationException e) {
        work++; // the shard's last cycle
      }
    }
    return work;
  }

  /** The value of a counter over all shards. */
  public long counter(EngineCounter counter) {
    long value = shared.get(counter);
    for (final Shard shard : shards) {
      final long part = shard.counters().get(counter);
      value = counter.isMaximum() ? Math.max(value, part) : value + part;
    }
    return counter == EngineCounter.ERRORS ? errorLog.observations() : value;
  }

  /** How many connections were failed, or ended, for a violation. */
  public long violations(Violation violation) {
    long sum = 0;
    for (final Shard shard : shards) {
      sum += shard.counters().violations(violation.id());
    }
    return sum;
  }

  /** Time on the clock that connections tell times on, in nanoseconds since the engine was made. */
  public long nowNs() {
    return sinceStart.nanoTime();
  }

  /** What went wrong that should not have. */
  public ErrorLog errorLog() {
    return errorLog;
  }

  public EngineContext context() {
    return context;
  }

  /** Takes no more connections and closes those there are with 1001. Does not wait. */
  public void stop() {
    for (final Shard shard : shards) {
      shard.stop();
    }
  }

  /** Whether all connections are gone after {@link #stop}. */
  public boolean isStopped() {
    for (final Shard shard : shards) {
      if (!shard.isStopped()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Stops, and waits until every connection is gone: at most {@link EngineContext#stopTimeout()},
   * then what is left is dropped. In {@link ThreadingMode#INVOKER} it runs duty cycles as long as
   * they get something done, then drops the rest.
   */
  @Override
  public void close() {
    for (final Shard shard : shards) {
      if (shard.isCurrent()) {
        throw new IllegalStateException("close from within a callback would wait for itself: stop");
      }
    }
    stop();
    if (context.threadingMode() == ThreadingMode.INVOKER) {
      while (!isStopped() && doWork() > 0) {
        // until nothing moves any more
      }
      for (final Shard shard : shards) {
        shard.abort();
      }
    } else {
      awaitThreads();
    }
  }

  private void awaitThreads() {
    final long deadlineNs =
        System.nanoTime()
            + context.stopTimeout().toNanos()
            + TimeUnit.MILLISECONDS.toNanos(STOP_SLACK_MS);
    try {
      for (final Thread thread : threads) {
        final long leftNs = deadlineNs - System.nanoTime();
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    runners.forEach(AgentRunner::close);
  }
}
