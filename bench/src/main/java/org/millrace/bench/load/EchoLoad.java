package org.millrace.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that keep a fixed number of messages under way each: whenever answers come in, as
 * many messages go out in one write. The calling thread does everything, and does nothing between
 * the calls.
 */
public final class EchoLoad implements AutoCloseable {
  private static final int READ_BUFFER = 64 * 1024;

  /** A server that is silent for so long has lost messages. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EchoTraffic traffic;
  private final int outstanding;
  private final Duration patience;
  private final Selector selector;
  private final ByteBuffer received = ByteBuffer.allocateDirect(READ_BUFFER);
  private final ByteBuffer framesView;
  private final ByteBuffer answersView;
  private final List<EchoConnection> connections = new ArrayList<>();
  private IOException failure;
  private long messages;
  private boolean started;

  /**
   * Opens the connections, one after the other.
   *
   * @param outstanding messages under way on each, at most 16.
   * @param payload bytes of a message.
   */
  public EchoLoad(InetSocketAddress server, int connections, int outstanding, int payload)
      throws IOException {
    this(server, connections, outstanding, payload, PATIENCE);
  }

  /**
   * As above.
   *
   * @param patience a server that is silent for so long has lost messages.
   */
  EchoLoad(
      InetSocketAddress server, int connections, int outstanding, int payload, Duration patience)
      throws IOException {
    traffic = new EchoTraffic(payload);
    if (outstanding < 1 || outstanding > EchoTraffic.MESSAGES) {
      throw new IllegalArgumentException("outstanding=" + outstanding);
    }
    this.outstanding = outstanding;
    this.patience = patience;
    framesView = traffic.frames();
    answersView = traffic.answers();
    selector = Selector.open();
    final OpeningHandshake handshake = new OpeningHandshake(server);
    try {
      for (int i = 0; i < connections; i++) {
        final SocketChannel channel = handshake.connect(server);
        this.connections.add(new EchoConnection(channel));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this.connections.get(i));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Keeps the messages going for a time, and until one has been answered: a server on a busy
   * machine may not get to it in time.
   *
   * @return how many were answered in it.
   * @throws WrongAnswerException if an answer is not the echo of the message, or the server falls
   *     silent.
   */
  public long run(Duration time) throws IOException {
    final long before = messages;
    final long startNs = System.nanoTime();
    start();
    long lastNs = startNs;
    long nowNs = startNs;
    while (nowNs - startNs < time.toNanos() || messages == before) {
      final long leftNs = time.toNanos() - (nowNs - startNs);
      final long longestNs = leftNs > 0 ? leftNs : patience.toNanos();
      final int ready = selector.select(this::onReadable, 1 + longestNs / 1_000_000);
      if (failure != null) {
        throw failure;
      }
      nowNs = System.nanoTime();
      if (ready > 0) {
        lastNs = nowNs;
      } else if (nowNs - lastNs > patience.toNanos()) {
        throw new WrongAnswerException("no message was answered in " + patience);
      }
    }
    return messages - before;
  }

  private void start() throws IOException {
    if (!started) {
      started = true;
      for (final EchoConnection connection : connections) {
        connection.send(outstanding);
      }
    }
  }

  private void onReadable(SelectionKey key) {
    try {
      ((EchoConnection) key.attachment()).onReadable();
    } catch (IOException e) {
      failure = e;
      key.cancel();
    }
  }

  /** Ends the connections without a closing handshake. */
  @Override
  public void close() throws IOException {
    for (final EchoConnection connection : connections) {
      connection.channel.close();
    }
    selector.close();
  }

  private final class EchoConnection {
    private final SocketChannel channel;
    private long sent;
    private long bytesReceived;

    private EchoConnection(SocketChannel channel) {
      this.channel = channel;
    }

    private void onReadable() throws IOException {
      final int length = channel.read(received.clear());
      if (length < 0) {
        throw new EOFException("the server ended a connection");
      }
      traffic.check(received.flip(), bytesReceived, answersView);
      final long answeredBefore = traffic.messagesIn(bytesReceived);
      bytesReceived += length;
      final long answered = traffic.messagesIn(bytesReceived);
      if (answered > sent) {
        throw new WrongAnswerException("more answers than messages");
      }
      messages += answered - answeredBefore;
      if (answered > answeredBefore) {
        send((int) (answered - answeredBefore));
      }
    }

    private void send(int count) throws IOException {
      traffic.select(framesView, sent, count);
      while (framesView.hasRemaining()) {
        channel.write(framesView); // what is under way is less than a socket buffer: it is taken
      }
      sent += count;
    }
  }
}
