package org.millrace.engine.shard;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionOwner;
import org.millrace.engine.connection.ConnectionResources;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.connection.OwnedConnection;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.connection.Wire;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.message.BufferPool;
import org.millrace.engine.status.Counters;
import org.millrace.engine.status.EngineCounter;
import org.millrace.engine.status.SubProtocol;

/**
 * The agent that owns connections: the one writer of everything about them.
 *
 * <p>Ownership: the ring is written by any thread and read here; the signal queue likewise; table,
 * timers, pools and connections are touched by the thread that is in {@link #doWork} only.
 *
 * <p>Ordering: bytes of one connection keep their order in the ring. A signal that must not
 * overtake them waits in {@code ordered} until the ring has been read up to the position that it
 * carries; within a cycle the ring is read first. A port is published with its id before its wire
 * is told that it is open, so no record can come before its connection. Between publishing work and
 * looking at whether the shard is parked there is a fence, and likewise between parking and looking
 * for work ({@link Doorbell}).
 *
 * <p>A duty cycle reads the clock once, reads a bounded number of records, signals, timers and
 * slots that {@link Commands} ask for, then gives every connection with something to send one
 * write.
 */
public final class Shard implements Agent, MessageHandler {
  private static final int SIGNAL_CHUNK = 1024;

  /** For a caller of open that never comes to the end of it. */
  private static final int MAX_ABORT_CYCLES = 1_000_000;

  /** After a gap as long as this the backlog is read once before deadlines are judged. */
  private static final long PAUSE_NS = 50_000_000L;

  /** Of so many cycles in a row with a reason to put deadlines off, the last judges them. */
  private static final int MAX_UNJUDGED_CYCLES = 64;

  /** In {@link #reservations}: no more connections are taken. */
  private static final int STOPPING = 1 << 30;

  private final ShardSettings settings;
  private final InboundRing ring;
  private final ConnectionTable table;
  private final ConnectionTimers timers;
  private final ConnectionResources resources;
  private final Counters counters;
  private final DutyCycleTracker tracker;
  private final Doorbell doorbell = new Doorbell();
  private final AtomicInteger reservations = new AtomicInteger();
  // Unbounded in type only: a port is in it at most once.
  private final MpscUnboundedAtomicArrayQueue<ConnectionPort> signals =
      new MpscUnboundedAtomicArrayQueue<>(SIGNAL_CHUNK);
  private final ArrayDeque<ConnectionPort> ordered = new ArrayDeque<>();
  private final ArrayDeque<ConnectionPort> dirty = new ArrayDeque<>();
  private final Commands commands = new Commands();
  private final Shutdown shutdown;
  private final UnsafeBuffer keptView = new UnsafeBuffer(0, 0);
  private Thread current;
  private long lastCycleNs;
  private int unjudgedCycles;
  private boolean afterPause;
  private boolean dedicated;
  private volatile boolean stopped;

  public Shard(ShardSettings settings) {
    this.settings = settings;
    ring = new InboundRing(settings.ringCapacity());
    table = new ConnectionTable(settings.index(), settings.maxConnections(), settings.seed());
    timers = new ConnectionTimers(settings.maxConnections());
    counters = new Counters(Violation.idLimit());
    tracker = new DutyCycleTracker(counters, settings.cycleThresholdNs());
    shutdown = new Shutdown(settings.stopTimeoutNs());
    resources =
        new ConnectionResources(
            new BufferPool(settings.bufferMemoryLimit(), settings.bufferMemoryRetained()),
            settings.maskingKeys(),
            counters,
            settings.errors(),
            settings.listener(),
            settings.seed());
  }

  // ---- Any thread ----

  /**
   * Takes a connection over; its wire hears of it by {@link Wire#attached} within this call and by
   * {@link Wire#opened} later.
   *
   * @return false if the shard is full or stopping; then nothing was called.
   */
  public boolean open(
      ConnectionContext context, Wire wire, org.millrace.engine.connection.MessageHandler handler) {
    if (!reserve()) {
      return false;
    }
    final ConnectionPort port;
    try {
      port = new ConnectionPort(this, context, wire, handler);
      wire.attached(port);
    } catch (Throwable t) {
      reservations.decrementAndGet();
      doorbell.ring(); // it may be the last one that a stopping shard waits for
      throw t;
    }
    port.signalOpened();
    return true;
  }

  private boolean reserve() {
    int reserved;
    do {
      reserved = reservations.get();
      if (reserved >= settings.maxConnections()) {
        return false;
      }
    } while (!reservations.compareAndSet(reserved, reserved + 1));
    return true;
  }

  /** As {@code Connection.send}, from any thread. One of {@link SendResult}. */
  public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
    final ConnectionPort port = table.get(id);
    if (port == null) {
      return SendResult.NOT_OPEN;
    }
    if (isCurrent()) {
      return port.connection().send(opcode, buffer, offset, length);
    }
    final OwnedConnection connection = port.connection();
    if (length > ring.maxMessageLength()
        || connection.encodedLength(length) > connection.context().sendQueueHardLimit()) {
      return SendResult.TOO_LONG;
    }
    if (!ring.send(id, opcode, buffer, offset, length)) {
      settings.shared().increment(EngineCounter.BACK_PRESSURED_SENDS);
      return SendResult.BACK_PRESSURED;
    }
    doorbell.ring();
    return port.isCongested() ? SendResult.CONGESTED : SendResult.SENT;
  }

  /** As {@code Connection.close}, from any thread; returns whether there is such a connection. */
  public boolean close(long id, int code, String reason) {
    final ConnectionPort port = table.get(id);
    if (port == null) {
      return false;
    }
    final Role role = port.connection().context().role();
    if (code != CloseCode.NO_STATUS && !CloseCode.mayBeSent(code, role)) {
      throw new IllegalArgumentException("code=" + code + ": a " + role + " must not send it");
    }
    if (isCurrent()) {
      return port.connection().close(code, reason);
    }
    port.requestClose(code, reason);
    return true;
  }

  /**
   * Shows the open connections in a range of slots to {@code visitor}, on the shard's thread,
   * between frames, a bounded number in a duty cycle. See {@link Commands}.
   *
   * @return the slot to go on from, or -1 at the end of the table or of the shard.
   */
  public CompletableFuture<Integer> visit(
      int fromSlot, int slots, Consumer<? super Connection> visitor) {
    if (fromSlot < 0 || slots < 1) {
      throw new IllegalArgumentException(
          "fromSlot=" + fromSlot + ", slots=" + slots + ": must be 0 or more, and 1 or more");
    }
    final int endSlot = (int) Math.min(Integer.MAX_VALUE, (long) fromSlot + slots);
    final VisitCommand command = new VisitCommand(fromSlot, endSlot, visitor);
    offerCommand(command);
    return command.next();
  }

  /**
   * Hands the connection with that id to {@code action}, on the shard's thread, between frames.
   *
   * @return whether there was one.
   */
  public CompletableFuture<Boolean> run(long id, Consumer<? super Connection> action) {
    final RunCommand command = new RunCommand(id, action);
    offerCommand(command);
    return command.found();
  }

  private void offerCommand(Command command) {
    commands.offer(command);
    doorbell.ring();
    if (stopped) {
      command.end();
    }
  }

  /** Takes no more connections, closes those there are with 1001, and ends when they are gone. */
  public void stop() {
    reservations.getAndUpdate(reserved -> reserved | STOPPING);
    doorbell.ring();
  }

  /** Whether the shard has stopped and has no connection left. */
  public boolean isStopped() {
    return stopped;
  }

  public Counters counters() {
    return counters;
  }

  /** Connections open or about to be. */
  public int connections() {
    return reservations.get() & ~STOPPING;
  }

  int deliver(long id, ByteBuffer bytes) {
    final boolean all = ring.deliver(id, bytes);
    doorbell.ring();
    return all ? Inbound.DELIVERED : Inbound.STALLED;
  }

  long ringPosition() {
    return ring.producerPosition();
  }

  void offerSignal(ConnectionPort port) {
    signals.offer(port);
    doorbell.ring();
  }

  /** Whether the calling thread is in this shard's duty cycle. */
  public boolean isCurrent() {
    return current == Thread.currentThread();
  }

  // ---- The shard's thread ----

  @Override
  public String roleName() {
    return "millrace-shard-" + settings.index();
  }

  @Override
  public void onStart() {
    dedicated = true;
    doorbell.consumer(Thread.currentThread());
  }

  @Override
  public int doWork() {
    if (stopped) {
      return 0;
    }
    if (isCurrent()) {
      throw new IllegalStateException("doWork from within a callback");
    }
    forgetInterrupt();
    current = Thread.currentThread();
    try {
      final long startNs = settings.clock().nanoTime();
      resources.nowNs(startNs);
      final int work = runCycle(startNs);
      if (work > 0) {
        tracker.onCycle(settings.clock().nanoTime() - startNs);
        countPooledBytes();
      }
      return work;
    } catch (AgentTerminationException e) {
      throw e;
    } catch (Throwable t) {
      settings.errors().onError(t); // nothing may end the thread that so many connections live on
      return 1;
    } finally {
      current = null;
    }
  }

  /** An interrupt, from a handler or from outside, would make Agrona's runner end the thread. */
  private void forgetInterrupt() {
    if (dedicated) {
      Thread.interrupted();
    }
  }

  /** The runner ends, for whatever reason: no connection may be left without its end. */
  @Override
  public void onClose() {
    if (!stopped) {
      stop();
      abort();
    }
  }

  private void countPooledBytes() {
    counters.set(EngineCounter.POOLED_BYTES, resources.buffers().bytesPooled());
    counters.set(EngineCounter.POOLED_BYTES_IN_USE, resources.buffers().bytesInUse());
  }

  private int runCycle(long nowNs) {
    timers.nowNs(nowNs);
    final int records = ring.read(this, settings.recordsPerCycle());
    final int signalled = takeSignals();
    int work = records + signalled + settleOrdered();
    if (mayJudge(nowNs, records, signalled)) {
      work += timers.poll(nowNs, settings.timersPerCycle());
    } else {
      work++;
    }
    work += commands.run(table);
    if (isStopping()) {
      work += closeSome(nowNs);
    }
    return work + flush();
  }

  /**
   * Whether deadlines may be judged in this cycle: not while there is a backlog that may hold just
   * what is waited for, nor in the first cycle after the shard, or the machine, has paused; but
   * whatever the reasons, not put off for ever.
   */
  private boolean mayJudge(long nowNs, int records, int signalled) {
    final boolean paused = nowNs - lastCycleNs > PAUSE_NS && !afterPause;
    afterPause = paused;
    lastCycleNs = nowNs;
    final boolean backlog =
        records >= settings.recordsPerCycle() || signalled >= settings.signalsPerCycle();
    unjudgedCycles = paused || backlog ? unjudgedCycles + 1 : 0;
    return unjudgedCycles % MAX_UNJUDGED_CYCLES == 0;
  }

  /** A record of the ring. */
  @Override
  public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
    final ConnectionPort port = table.get(RingRecord.id(buffer, index));
    if (port == null) {
      if (type == RingRecord.SEND) {
        counters.increment(EngineCounter.DROPPED_SENDS);
      }
      return;
    }
    try {
      if (type == RingRecord.SEND) {
        onSend(port, buffer, index, length);
      } else {
        onBytes(port, buffer, index, length);
      }
    } catch (Throwable t) {
      onDefect(port, t);
    }
  }

  private void onBytes(ConnectionPort port, DirectBuffer buffer, int index, int length) {
    port.connection()
        .receive(
            ring.memory(),
            buffer,
            index + RingRecord.BYTES_HEADER,
            length - RingRecord.BYTES_HEADER);
  }

  private void onSend(ConnectionPort port, DirectBuffer buffer, int index, int length) {
    final boolean queued =
        port.connection()
            .sendAccepted(
                RingRecord.opcode(buffer, index),
                buffer,
                index + RingRecord.SEND_HEADER,
                length - RingRecord.SEND_HEADER);
    if (!queued) {
      counters.increment(EngineCounter.DROPPED_SENDS);
    }
  }

  /** An error of the engine itself, or of a wire: it costs the one connection that it came from. */
  void onDefect(ConnectionPort port, Throwable error) {
    settings.errors().onError(error);
    try {
      port.connection().abort(error);
    } catch (Throwable t) {
      settings.errors().onError(t);
    }
  }

  private int takeSignals() {
    int taken = 0;
    while (taken < settings.signalsPerCycle()) {
      final ConnectionPort port = signals.relaxedPoll(); // never waits for a producer
      if (port == null) {
        break;
      }
      taken++;
      try {
        port.onSignals();
      } catch (Throwable t) {
        onDefect(port, t);
      }
    }
    return taken;
  }

  void onOpened(ConnectionPort port) {
    counters.increment(EngineCounter.OPENED_CONNECTIONS);
    countOpened(port.connection().context());
    port.connection().open(table.add(port));
    if (isStopping()) {
      port.connection().close(CloseCode.GOING_AWAY, "");
    }
  }

  private void countOpened(ConnectionContext context) {
    if (context.isStream()) {
      settings.shared().streamOpened();
    } else {
      settings.shared().connectionOpened(context.subProtocol());
    }
  }

  void awaitRing(ConnectionPort port) {
    ordered.addLast(port);
  }

  void onClosed(ConnectionPort port, ClosedEvent event) {
    table.remove(port);
    counters.increment(EngineCounter.CLOSED_CONNECTIONS);
    final ConnectionContext context = port.connection().context();
    if (context.isStream()) {
      if (!event.clean()) {
        counters.increment(EngineCounter.STREAM_FAILED_CONNECTIONS);
      }
      settings.shared().streamClosed();
    } else {
      countClosed(context.subProtocol(), event);
    }
    reservations.decrementAndGet();
  }

  private void countClosed(SubProtocol subProtocol, ClosedEvent event) {
    counters.add(
        event.initiator() == Initiator.LOCAL
            ? EngineCounter.LOCAL_CLOSED_CONNECTIONS
            : EngineCounter.REMOTE_CLOSED_CONNECTIONS,
        subProtocol,
        1);
    if (!event.clean()) {
      counters.add(EngineCounter.FAILED_CONNECTIONS, subProtocol, 1);
    }
    settings.shared().connectionClosed(subProtocol);
  }

  /** Acts on ordered signals whose bytes have all been read. */
  private int settleOrdered() {
    int settled = 0;
    ConnectionPort port;
    while ((port = ordered.peekFirst()) != null
        && port.orderedAfter() - ring.consumerPosition() <= 0) {
      ordered.pollFirst();
      settled++;
      try {
        port.onOrderedSignals();
      } catch (Throwable t) {
        onDefect(port, t);
      }
    }
    return settled;
  }

  /** The connection whose bytes a wire kept because the ring was full reads them where they are. */
  void receiveKept(ConnectionPort port, ByteBuffer kept) {
    counters.increment(EngineCounter.STALLS);
    kept.order(ByteOrder.nativeOrder());
    keptView.wrap(kept);
    port.connection().receive(kept, keptView, kept.position(), kept.remaining());
    port.connection().resumeInput();
  }

  private int flush() {
    final int count = dirty.size();
    for (int i = 0; i < count; i++) {
      final ConnectionPort port = dirty.pollFirst();
      try {
        port.flush();
      } catch (Throwable t) {
        onDefect(port, t);
      }
    }
    return count;
  }

  private boolean isStopping() {
    return reservations.get() >= STOPPING;
  }

  private int closeSome(long nowNs) {
    final int work = shutdown.closeSome(table, nowNs);
    if (mayEnd(nowNs)) {
      flush();
      resources.buffers().free();
      countPooledBytes();
      end();
      throw new AgentTerminationException(true);
    }
    return work;
  }

  /** Batches that are still the wires' are waited for as connections are. */
  private boolean mayEnd(long nowNs) {
    return connections() == 0
        && (resources.buffers().bytesInUse() == 0 || nowNs >= shutdown.deadlineNs());
  }

  /** Ends what is left without waiting. After {@link #stop}, by the thread that runs the shard. */
  public void abort() {
    shutdown.waitNoLonger();
    for (int cycles = 0; !stopped && cycles < MAX_ABORT_CYCLES; cycles++) {
      try {
        doWork();
      } catch (AgentTerminationException e) {
        return;
      }
    }
    end();
  }

  private void end() {
    stopped = true;
    VarHandle.fullFence();
    commands.endAll();
  }

  void addDirty(ConnectionPort port) {
    dirty.addLast(port);
  }

  ConnectionTimers timers() {
    return timers;
  }

  ConnectionResources resources() {
    return resources;
  }

  /**
   * How the shard's own thread waits.
   *
   * @param maxSpins idle cycles before parking, 0 or more.
   */
  public IdleStrategy waiting(int maxSpins) {
    return new SpinThenPark(this::park, maxSpins);
  }

  /** Parks until there is work or a timer is due, at once back if there is. */
  void park() {
    doorbell.announce();
    if (!hasWork()) {
      final long nextNs = Math.min(shutdown.deadlineNs(), timers.nextPollNs());
      if (nextNs == ConnectionOwner.NEVER) {
        LockSupport.park(this);
      } else {
        final long waitNs = nextNs - settings.clock().nanoTime();
        if (waitNs > 0) {
          LockSupport.parkNanos(this, waitNs);
        }
      }
    }
    doorbell.withdraw();
    forgetInterrupt();
  }

  private boolean hasWork() {
    return !ring.isEmpty()
        || !signals.isEmpty()
        || !ordered.isEmpty()
        || !dirty.isEmpty()
        || !commands.isEmpty()
        || (isStopping() && (!shutdown.isBegun() || mayEnd(0)));
  }
}
