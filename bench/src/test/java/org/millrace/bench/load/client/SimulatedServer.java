package org.millrace.bench.load.client;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;

/**
 * An echo server without sockets, on a clock that goes on only while the generator waits: what it
 * measures can be computed by hand. It tells when a message is answered by when it came.
 */
public final class SimulatedServer implements Driver.Poller {
  private static final byte[] ACCEPTED =
      String.join(
              "\r\n",
              "HTTP/1.1 101 Switching Protocols",
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
              "",
              "")
          .getBytes(StandardCharsets.US_ASCII);

  private record Answer(long atNs, long order, SimulatedWire wire, ByteBuffer frame) {}

  private final PriorityQueue<Answer> answers =
      new PriorityQueue<>(Comparator.comparingLong(Answer::atNs).thenComparingLong(Answer::order));
  private final List<Connection> awake = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private final LongUnaryOperator answerTime;
  private long order;
  private long nowNs;
  private LongUnaryOperator wakeUp = LongUnaryOperator.identity();

  /** A server, and when it answers what came at a time; negative for never. */
  public SimulatedServer(LongUnaryOperator answerTime) {
    this.answerTime = answerTime;
  }

  /** The clock. */
  public long nanoTime() {
    return nowNs;
  }

  /** Makes the generator's machine err: when it runs again though it was to run at a time. */
  public void wakeUp(LongUnaryOperator late) {
    wakeUp = late;
  }

  /** Opens a connection, at once. */
  public void connect(Conversation conversation, Meter meter) {
    final SimulatedWire wire = new SimulatedWire();
    final Connection connection =
        new Connection(
            wire,
            new Connection.Owner() {
              @Override
              public void wake(Connection awoken) {
                awake.add(awoken);
              }

              @Override
              public void watchWritable(boolean watch) {}

              @Override
              public void watchReadable(boolean watch) {}

              @Override
              public void opened() {}

              @Override
              public void arrived() {
                meter.tick();
              }

              @Override
              public void gone(String reason) {
                throw new AssertionError(reason);
              }
            },
            conversation,
            new Upgrade(URI.create("ws://server/"), Optional.empty()));
    wire.connection = connection;
    wire.inbox = ByteBuffer.wrap(ACCEPTED);
    connection.readable(buffer);
  }

  @Override
  public void flush() {
    final List<Connection> due = List.copyOf(awake);
    awake.clear();
    due.forEach(Connection::flush);
  }

  @Override
  public int poll(long waitNs) {
    final long untilNs = nowNs + waitNs;
    final Answer next = answers.peek();
    nowNs = wakeUp.applyAsLong(next == null ? untilNs : Math.min(untilNs, next.atNs));
    int count = 0;
    while (!answers.isEmpty() && answers.peek().atNs <= nowNs) {
      final Answer answer = answers.remove();
      answer.wire.inbox = answer.frame;
      answer.wire.connection.readable(buffer);
      count++;
    }
    return count;
  }

  @Override
  public long sleptNs() {
    return 0;
  }

  private final class SimulatedWire implements Wire {
    private Connection connection;
    private ByteBuffer inbox;

    @Override
    public boolean write(ByteBuffer frames) {
      while (frames.hasRemaining()) {
        frame(frames);
      }
      return true;
    }

    /** One of a client: unmasks it, and turns it into one of a server. */
    private void frame(ByteBuffer frames) {
      final byte first = frames.get();
      final int shortLength = frames.get() & 0x7F;
      final int length =
          shortLength < 126 ? shortLength : (frames.get() & 0xFF) << 8 | (frames.get() & 0xFF);
      final byte[] key = new byte[4];
      frames.get(key);
      final ByteBuffer echo = ByteBuffer.allocate(4 + length).put(first);
      if (shortLength < 126) {
        echo.put((byte) length);
      } else {
        echo.put((byte) 126).putShort((short) length);
      }
      for (int i = 0; i < length; i++) {
        echo.put((byte) (frames.get() ^ key[i & 3]));
      }
      final long atNs = answerTime.applyAsLong(nowNs);
      if (atNs >= 0) {
        answers.add(new Answer(atNs, order++, this, echo.flip()));
      }
    }

    @Override
    public boolean flush() {
      return true;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      final int length = inbox.remaining();
      target.put(inbox);
      return length;
    }

    @Override
    public boolean hasMore() {
      return false;
    }

    @Override
    public void close() {}
  }
}
