package org.millrace.bench.sip;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.millrace.bench.load.OpeningHandshake;
import org.millrace.bench.load.client.Pending;

/**
 * Clients that send OPTIONS through a proxy at a fixed rate, whatever the answers do, and the core
 * that answers: all on the calling thread, which spins while it runs. Latency counts from the time
 * at which a message was to be sent.
 */
final class OptionsLoad implements AutoCloseable {
  private static final int READ_BUFFER = 64 * 1024;
  private static final long LATE_NS = Duration.ofSeconds(2).toNanos();
  private static final long HIGHEST_NS = Duration.ofSeconds(60).toNanos();

  /** What a run came to. */
  record Result(long sent, long answered, long repeated, Histogram latency) {}

  private final UdpResponder core;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private Histogram latency = new Histogram(HIGHEST_NS, 3);
  private long answered;
  private IOException failure;

  OptionsLoad(ProxyProcess proxy, UdpResponder core, int connections) throws IOException {
    this.core = core;
    core.channel().register(selector, SelectionKey.OP_READ, core);
    final OpeningHandshake handshake = OpeningHandshake.of(proxy.address(), "/", "sip");
    for (int i = 0; i < connections; i++) {
      final SocketChannel channel = handshake.connect(proxy.address());
      channel.configureBlocking(false);
      final Client client = new Client(channel, i);
      clients.add(client);
      channel.register(selector, SelectionKey.OP_READ, client);
    }
  }

  /**
   * Sends for a time, then waits for the answers that are missing, at most two seconds.
   *
   * @param rate messages a second.
   */
  Result run(Duration time, int rate) throws IOException {
    latency = new Histogram(HIGHEST_NS, 3);
    answered = 0;
    final long requestsBefore = core.requests();
    final long messages = time.toNanos() / 1_000_000_000L * rate;
    final double intervalNs = 1e9 / rate;
    final long startNs = System.nanoTime();
    long sent = 0;
    long nowNs = startNs;
    while (answered < messages && nowNs - startNs < time.toNanos() + LATE_NS) {
      while (sent < messages && nowNs - startNs >= sent * intervalNs) {
        final Client client = clients.get((int) (sent % clients.size()));
        client.send(startNs + (long) (sent * intervalNs));
        sent++;
      }
      selector.selectNow(this::onReadable);
      if (failure != null) {
        throw failure;
      }
      nowNs = System.nanoTime();
    }
    return new Result(sent, answered, core.requests() - requestsBefore - sent, latency);
  }

  private void onReadable(SelectionKey key) {
    try {
      if (key.attachment() instanceof Client client) {
        client.onReadable();
      } else {
        core.respond();
      }
    } catch (IOException e) {
      failure = e;
      key.cancel();
    }
  }

  @Override
  public void close() throws IOException {
    for (final Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private final class Client {
    private final SocketChannel channel;
    private final OptionsTraffic traffic;
    private final ByteBuffer received =
        ByteBuffer.allocateDirect(READ_BUFFER).order(ByteOrder.BIG_ENDIAN);
    private final Pending pending = new Pending();
    private int next;

    private Client(SocketChannel channel, int number) {
      this.channel = channel;
      traffic = new OptionsTraffic(number);
    }

    private void send(long whenNs) throws IOException {
      pending.add(whenNs);
      pending.send();
      final ByteBuffer frame = traffic.frame(next++);
      while (frame.hasRemaining()) {
        channel.write(frame); // far less is under way than a socket buffer holds
      }
    }

    private void onReadable() throws IOException {
      if (channel.read(received) < 0) {
        throw new EOFException("the server ended a connection");
      }
      received.flip();
      while (frame()) {
        // one after the other
      }
      received.compact();
    }

    /** Takes a whole frame, if there is one: text or binary, of less than 64 KiB. */
    private boolean frame() throws IOException {
      final int from = received.position();
      if (received.remaining() < 4) {
        return false;
      }
      final int shortLength = received.get(from + 1);
      final int header = shortLength < 126 ? 2 : 4;
      final int length = shortLength < 126 ? shortLength : received.getShort(from + 2) & 0xFFFF;
      if (received.remaining() < header + length) {
        return false;
      }
      final int end = from + header + length;
      if ((received.get(from) & 0x0F) <= 2) {
        answer(OptionsTraffic.number(received, from + header, end));
      }
      received.position(end);
      return true;
    }

    private void answer(int number) throws IOException {
      if (number < 0 || number >= next) {
        throw new IOException("an answer that is none");
      }
      if (pending.isOpen(number)) { // a request that the proxy repeated is answered twice
        answered++;
        final long latencyNs = System.nanoTime() - pending.answer(number);
        latency.recordValue(Math.min(HIGHEST_NS, latencyNs));
      }
    }
  }
}
