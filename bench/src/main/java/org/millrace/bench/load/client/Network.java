package org.millrace.bench.load.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The sockets of all connections to one server, on one selector. */
public final class Network implements Driver.Poller, Closeable {
  private static final int READ_BUFFER = 256 * 1024;

  /** A selector counts in ms, and wakes up later than asked by less than this. */
  private static final long EARLY_NS = 200_000;

  private static final long NS_PER_MS = 1_000_000;

  /** Makes a connection's wire of its socket. */
  public interface Wires {
    Wire wire(SocketChannel channel) throws IOException;
  }

  private final InetSocketAddress server;
  private final List<InetSocketAddress> sources;
  private final Upgrade upgrade;
  private final Wires wires;
  private final Meter meter;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER);
  private final Set<Socket> opening = new LinkedHashSet<>();
  private List<Connection> awake = new ArrayList<>();
  private List<Connection> flushing = new ArrayList<>();
  private String firstFailure = "";
  private long begun;
  private long sleptNs;
  private long asleepSinceNs;
  private int open;
  private int failed;

  /**
   * To one server; no connection yet.
   *
   * @param sources addresses to connect from, in turn; none for the system's choice.
   */
  public Network(
      InetSocketAddress server,
      List<InetSocketAddress> sources,
      Upgrade upgrade,
      Wires wires,
      Meter meter)
      throws IOException {
    this.server = server;
    this.sources = List.copyOf(sources);
    this.upgrade = upgrade;
    this.wires = wires;
    this.meter = meter;
  }

  /**
   * Begins a connection.
   *
   * @param intendedNs the time from which its handshake's time counts.
   */
  public void begin(Conversation conversation, long intendedNs) throws IOException {
    final SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (!sources.isEmpty()) {
        channel.bind(sources.get((int) (begun % sources.size())));
      }
      begun++;
      final Socket socket = new Socket(channel, conversation, intendedNs);
      opening.add(socket);
      socket.begin();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** How many are open. */
  public int open() {
    return open;
  }

  /** How many have begun and are neither open nor failed. */
  public int opening() {
    return opening.size();
  }

  /** How many could not be opened. */
  public int failed() {
    return failed;
  }

  /** Why the first of those could not be opened. */
  public String firstFailure() {
    return firstFailure;
  }

  /** Gives up those that began before a time and are not open. */
  public void giveUp(long beforeNs) {
    for (final Socket socket : List.copyOf(opening)) {
      if (socket.beginNs < beforeNs) {
        socket.connection.end("no answer to the opening handshake");
      }
    }
  }

  @Override
  public void flush() {
    if (!awake.isEmpty()) {
      final List<Connection> due = awake;
      awake = flushing;
      flushing = due;
      for (int i = 0; i < due.size(); i++) {
        due.get(i).flush();
      }
      due.clear();
    }
  }

  @Override
  public int poll(long waitNs) throws IOException {
    if (!awake.isEmpty() || waitNs < NS_PER_MS + EARLY_NS) {
      return selector.selectNow(this::ready);
    }
    asleepSinceNs = System.nanoTime();
    final int ready = selector.select(this::ready, (waitNs - EARLY_NS) / NS_PER_MS);
    wokenUp();
    return ready;
  }

  private void wokenUp() {
    if (asleepSinceNs != 0) {
      sleptNs += System.nanoTime() - asleepSinceNs;
      asleepSinceNs = 0;
    }
  }

  private void ready(SelectionKey key) {
    wokenUp();
    ((Socket) key.attachment()).ready();
  }

  @Override
  public long sleptNs() {
    return sleptNs;
  }

  @Override
  public void close() throws IOException {
    for (final SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private final class Socket implements Connection.Owner {
    private final SocketChannel channel;
    private final long beginNs;
    private final Connection connection;
    private SelectionKey key;

    private Socket(SocketChannel channel, Conversation conversation, long beginNs)
        throws IOException {
      this.channel = channel;
      this.beginNs = beginNs;
      connection = new Connection(wires.wire(channel), this, conversation, upgrade);
    }

    private void begin() throws IOException {
      key = channel.register(selector, SelectionKey.OP_CONNECT, this);
      try {
        if (channel.connect(server)) {
          connected();
        }
      } catch (IOException e) {
        connection.end(e.getMessage() + " (" + server + ")");
      }
    }

    private void connected() {
      key.interestOps(SelectionKey.OP_READ);
      connection.connected();
    }

    private void ready() {
      if (!key.isValid()) {
        return;
      }
      if (key.isConnectable()) {
        try {
          channel.finishConnect();
          connected();
        } catch (IOException e) {
          connection.end(e.getMessage() + " (" + server + ")");
        }
        return;
      }
      if (key.isReadable()) {
        connection.readable(buffer);
      }
      if (key.isValid() && key.isWritable()) {
        connection.writable();
      }
    }

    @Override
    public void wake(Connection awoken) {
      awake.add(awoken);
    }

    @Override
    public void watchWritable(boolean watch) {
      key.interestOps(
          watch
              ? key.interestOps() | SelectionKey.OP_WRITE
              : key.interestOps() & ~SelectionKey.OP_WRITE);
    }

    @Override
    public void watchReadable(boolean watch) {
      key.interestOps(
          watch
              ? key.interestOps() | SelectionKey.OP_READ
              : key.interestOps() & ~SelectionKey.OP_READ);
    }

    @Override
    public void opened() {
      opening.remove(this);
      open++;
      meter.handshake(meter.nowNs() - beginNs);
    }

    @Override
    public void arrived() {
      meter.tick();
    }

    @Override
    public void gone(String reason) {
      if (reason != null) {
        meter.error(reason);
      }
      if (opening.remove(this)) {
        failed++;
        firstFailure = firstFailure.isEmpty() ? String.valueOf(reason) : firstFailure;
      } else {
        open--;
      }
    }
  }
}
