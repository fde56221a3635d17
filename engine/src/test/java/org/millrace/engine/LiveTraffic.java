package org.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.Await;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.LiveWire;
import org.millrace.engine.status.EngineCounter;

/** An engine with threads of its own, peers on others, and a count of everything. */
final class LiveTraffic implements AutoCloseable {
  static final int PAYLOAD = Integer.BYTES + Long.BYTES;

  private static final long LONGEST_THREAD_MS = 300_000;
  private static final long LONGEST_STALL_NS = 60_000_000_000L;

  /** There may be fewer processors than threads: whoever is stalled leaves them to the others. */
  private static final long BETWEEN_LOOKS_NS = 20_000;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<LiveWire> wires = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Thread> shardThreads = new ConcurrentLinkedQueue<>();
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final Engine engine;
  private final ConnectionContext context;

  /** Peers that answer, however long the machine keeps them from it. */
  LiveTraffic(EngineContext engineContext) {
    this(engineContext, Duration.ofHours(1));
  }

  /**
   * With a time-out for peers that do not answer Close.
   *
   * @param closeTimeout real time.
   */
  LiveTraffic(EngineContext engineContext, Duration closeTimeout) {
    context =
        new ConnectionContext()
            .keepAliveMechanism(KeepAliveMechanism.NONE)
            .closeTimeout(closeTimeout)
            .sendTimeout(Duration.ofHours(1))
            .messageTimeout(Duration.ofHours(1))
            .messageMinRate(0)
            .conclude();
    engine =
        Engine.launch(
            engineContext
                .threadingMode(ThreadingMode.DEDICATED)
                .threadFactory(
                    task -> {
                      final Thread thread = new Thread(task);
                      shardThreads.add(thread);
                      return thread;
                    })
                .listener(
                    new ConnectionListener() {
                      @Override
                      public void onOpened(Connection connection) {
                        opened.incrementAndGet();
                      }

                      @Override
                      public void onClosed(Connection connection, ClosedEvent event) {
                        closed.incrementAndGet();
                      }
                    }));
  }

  /** Checks the order of what it receives and sends it back. */
  final class Checker implements MessageHandler {
    private final int producer;
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger closedEvents = new AtomicInteger();
    private volatile long id;

    Checker(int producer) {
      this.producer = producer;
    }

    @Override
    public void onOpened(Connection connection) {
      id = connection.id();
    }

    @Override
    public void onMessage(
        Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
      final long expected = received.get();
      if (length < PAYLOAD
          || buffer.getInt(offset) != producer
          || buffer.getLong(offset + Integer.BYTES) != expected) {
        failures.add(new AssertionError("producer " + producer + ", expected " + expected));
      }
      connection.send(opcode, buffer, offset, PAYLOAD);
      received.setRelease(expected + 1);
    }

    @Override
    public void onClosed(Connection connection, ClosedEvent event) {
      closedEvents.incrementAndGet();
    }

    /** The wire hears of the opening before the handler does. */
    long id() {
      Await.until("id", () -> id != 0);
      return id;
    }

    long received() {
      return received.getAcquire();
    }

    int closedEvents() {
      return closedEvents.get();
    }
  }

  Engine engine() {
    return engine;
  }

  int opened() {
    return opened.get();
  }

  int closed() {
    return closed.get();
  }

  List<Thread> shardThreads() {
    return List.copyOf(shardThreads);
  }

  /** Opens a connection, without waiting for it; null if the engine refuses. */
  LiveWire open(MessageHandler handler) {
    final LiveWire wire = new LiveWire(writer);
    if (!engine.open(context, wire, handler)) {
      return null;
    }
    wires.add(wire);
    return wire;
  }

  LiveWire openAndWait(MessageHandler handler) {
    final LiveWire wire = open(handler);
    Await.until("open", wire::isOpened);
    return wire;
  }

  /**
   * Holds a shard up until one of the wires has stalled, so that some do however fast the shards
   * are. To be followed by more messages than a ring takes, on connections that are open.
   */
  private void holdUntilStalled() {
    final LiveWire wire =
        openAndWait(
            (connection, opcode, buffer, offset, length) -> {
              try {
                Await.until("a stall", () -> wires.stream().anyMatch(LiveWire::isStalled));
              } catch (AssertionError e) {
                failures.add(e);
              }
            });
    wire.deliver(message(0, 0, 0));
  }

  /** A masked frame with a producer's number, a sequence number and some more. */
  static byte[] message(int producer, long sequence, int padding) {
    final byte[] payload = new byte[PAYLOAD + padding];
    ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).putInt(producer).putLong(sequence);
    return Frames.binary(payload).masked().encode().toArray();
  }

  int send(long id) {
    return engine.send(id, Opcode.TEXT, new UnsafeBuffer(new byte[] {'x'}), 0, 1);
  }

  /** Runs what a thread of the test does, noting what it throws. */
  Thread start(Runnable task) {
    final Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Throwable t) {
                failures.add(t);
              }
            });
    thread.start();
    return thread;
  }

  static void join(List<Thread> threads) {
    try {
      for (final Thread thread : threads) {
        thread.join(LONGEST_THREAD_MS);
        assertThat(thread.isAlive()).as("a thread of the test goes on and on").isFalse();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Each producer sends messages on its connections, whichever is not stalled. At least one is
   * sooner or later.
   *
   * @return how often one was stalled.
   */
  long exchange(int producers, int connections, int messages) {
    final List<Thread> threads = new ArrayList<>();
    final List<Checker> checkers = new ArrayList<>();
    final List<LiveWire> opened = new ArrayList<>();
    for (int i = 0; i < producers * connections; i++) {
      final Checker checker = new Checker(i);
      checkers.add(checker);
      opened.add(openAndWait(checker));
    }
    holdUntilStalled();
    for (int p = 0; p < producers; p++) {
      final int first = p * connections;
      final List<LiveWire> mine = opened.subList(first, first + connections);
      threads.add(start(() -> produce(first, mine, messages)));
    }
    join(threads);
    for (final Checker checker : checkers) {
      Await.until(
          "messages of " + checker.producer,
          () -> checker.received() == messages || !failures.isEmpty());
    }
    assertNoFailures();
    for (final LiveWire wire : opened) {
      final int frame = 2 + PAYLOAD;
      Await.until("echoes", () -> wire.writtenLength() == messages * frame);
    }
    return engine.counter(EngineCounter.STALLS);
  }

  private void produce(int firstNumber, List<LiveWire> mine, int messages) {
    final SplittableRandom random = new SplittableRandom(firstNumber);
    final long[] next = new long[mine.size()];
    long left = (long) messages * mine.size();
    long lastNs = System.nanoTime();
    while (left > 0) {
      final int c = random.nextInt(mine.size());
      if (next[c] == messages) {
        continue;
      }
      if (mine.get(c).isStalled()) {
        LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        if (System.nanoTime() - lastNs > LONGEST_STALL_NS) {
          throw new AssertionError("a stalled wire is never resumed");
        }
        continue;
      }
      final int padding = random.nextInt(8) == 0 ? random.nextInt(4_000) : random.nextInt(60);
      if (mine.get(c).deliver(message(firstNumber + c, next[c], padding)) == Inbound.CLOSED) {
        throw new AssertionError("closed");
      }
      next[c]++;
      left--;
      lastNs = System.nanoTime();
    }
  }

  /** One connection that is attacked from all sides until it is gone. */
  void fight(int number) {
    final Checker checker = new Checker(number);
    final LiveWire wire = openAndWait(checker);
    final SplittableRandom random = new SplittableRandom(number);
    final int way = random.nextInt(6);
    final int delay = random.nextInt(200);
    final Thread other =
        start(
            () -> {
              for (int i = 0; i < delay; i++) {
                if (!SendResult.isAccepted(send(checker.id()))) {
                  break;
                }
              }
              engine.close(checker.id(), 1000, "");
              engine.close(checker.id(), 1001, "");
            });
    for (long i = 0; i < random.nextInt(20); i++) {
      if (!wire.isStalled()) {
        wire.deliver(message(number, i, 10));
      }
    }
    switch (way) {
      case 0 -> wire.inbound().failed(new IOException("reset"));
      case 1 -> wire.inbound().endOfInput();
      case 2 -> {
        if (!wire.isStalled()) {
          wire.deliver(Frames.close(1000).masked().encode().toArray());
        }
        wire.inbound().endOfInput();
      }
      case 3 -> {
        if (!wire.isStalled()) {
          wire.deliver(Frames.illegal().masked().encode().toArray());
        }
        wire.inbound().endOfInput();
        wire.inbound().failed(new IOException("reset"));
      }
      default -> {
        // the other thread's close comes first, and its answer
        Await.until("the end of the other thread", () -> !other.isAlive());
        wire.inbound().endOfInput();
      }
    }
    Await.until("closed", () -> checker.closedEvents() > 0 && wire.isClosed());
    Await.until("the end of the other thread", () -> !other.isAlive());
    assertThat(checker.closedEvents()).isOne();
  }

  void assertNoFailures() {
    assertThat(failures).isEmpty();
    for (final LiveWire wire : wires) {
      assertThat(wire.breaches()).isEmpty();
    }
  }

  /** Stops, and checks that nothing is left. */
  @Override
  public void close() {
    for (final LiveWire wire : wires) {
      wire.inbound().failed(new IOException("end of test"));
    }
    Await.until("all closed", () -> closed.get() == opened.get());
    Await.until(
        "all buffers given back", () -> engine.counter(EngineCounter.POOLED_BYTES_IN_USE) == 0);
    engine.close();
    writer.shutdown();
    assertThat(engine.isStopped()).isTrue();
    assertThat(closed.get()).isEqualTo(opened.get());
    assertThat(opened.get()).isEqualTo(wires.size());
    assertThat(engine.counter(EngineCounter.OPENED_CONNECTIONS)).isEqualTo(opened.get());
    assertThat(engine.counter(EngineCounter.CLOSED_CONNECTIONS)).isEqualTo(opened.get());
    assertThat(engine.counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    assertThat(
            engine
                .errorLog()
                .read((count, first, last, error) -> failures.add(new AssertionError(error))))
        .isZero();
    assertNoFailures();
  }
}
