package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.collections.Object2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreReceiver;
import org.millrace.engine.sip.CoreSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one reader of all UDP sockets. What comes from the core goes to the {@link CoreReceiver} on
 * this agent's thread; everything else is dropped and counted.
 *
 * <p>A duty cycle reads a bounded number of datagrams of each socket. With nothing to do the thread
 * waits in a selector, so that it costs next to nothing and wakes for a datagram at once. Reading
 * allocates only where the JDK does: for the address of a datagram that comes from another peer
 * than the one before on its socket, and 16 bytes a wait.
 */
final class UdpAgent implements Agent, IdleStrategy, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpAgent.class);
  private static final int DATAGRAMS_PER_SOCKET = 64;
  private static final int MOST_PEERS_KNOWN = 4096;

  /** Below it are the types of STUN messages, and the zeros that Kamailio keeps bindings with. */
  private static final int LEAST_FIRST_BYTE = 0x04;

  /** A socket and who speaks on it. */
  record Binding(UdpSocket socket, CoreSocket coreSocket) {}

  /** A peer whose address has been judged, with what a {@link CoreHop} wants. */
  private static final class Peer {
    private final byte[] address;
    private final int port;
    private final boolean trusted;

    private Peer(InetSocketAddress address, boolean trusted) {
      this.address = address.getAddress().getAddress();
      port = address.getPort();
      this.trusted = trusted;
    }
  }

  private final Binding[] bindings;
  private final SocketAddress[] lastSenders;
  private final Peer[] lastPeers;
  private final TrustedPeers trusted;
  private final CoreReceiver receiver;
  private final Retransmitter retransmitter;
  private final CoreCounters counters;
  private final ErrorHandler errors;
  private final NanoClock clock;
  private final Selector selector;
  private final Object2ObjectHashMap<SocketAddress, Peer> peers = new Object2ObjectHashMap<>();
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(UdpSocket.MAX_DATAGRAM);
  private final UnsafeBuffer view = new UnsafeBuffer(datagram);
  private final CoreHop hop = new CoreHop();
  private TrustedPeers.Snapshot judgedBy;
  private boolean failing;
  private volatile boolean stopping;

  /**
   * @param receiver to be called by this agent's thread only.
   * @param errors hears of what must not happen.
   */
  UdpAgent(
      List<Binding> bindings,
      TrustedPeers trusted,
      CoreReceiver receiver,
      Retransmitter retransmitter,
      CoreCounters counters,
      ErrorHandler errors,
      NanoClock clock)
      throws IOException {
    this.bindings = bindings.toArray(new Binding[0]);
    this.trusted = trusted;
    this.receiver = receiver;
    this.retransmitter = retransmitter;
    this.counters = counters;
    this.errors = errors;
    this.clock = clock;
    lastSenders = new SocketAddress[this.bindings.length];
    lastPeers = new Peer[this.bindings.length];
    judgedBy = trusted.snapshot();
    selector = Selector.open();
    for (final Binding binding : bindings) {
      binding.socket().channel().register(selector, SelectionKey.OP_READ);
    }
  }

  @Override
  public String roleName() {
    return "millrace-udp";
  }

  @Override
  public int doWork() {
    if (!stopping) {
      Thread.interrupted(); // from a handler: nothing may end the thread that all sockets live on
    }
    int work = 0;
    try {
      work += retransmitter.poll(clock.nanoTime());
      for (int i = 0; i < bindings.length; i++) {
        work += receive(i);
      }
    } catch (RuntimeException e) {
      errors.onError(e);
      work++;
    }
    return work;
  }

  private int receive(int index) {
    final UdpSocket socket = bindings[index].socket();
    int received = 0;
    try {
      while (received < DATAGRAMS_PER_SOCKET) {
        datagram.clear();
        final SocketAddress sender = socket.channel().receive(datagram);
        if (sender == null) {
          break;
        }
        received++;
        onDatagram(index, sender, datagram.position());
      }
      failing &= received == 0;
    } catch (IOException e) {
      onFailure(socket, e);
    }
    return received;
  }

  private void onFailure(UdpSocket socket, IOException why) {
    if (!failing && !stopping) {
      failing = true;
      LOG.warn("udp socket {}: {}", socket.localAddress(), why.toString());
    }
  }

  private void onDatagram(int index, SocketAddress sender, int length) {
    final Peer peer = peer(index, sender);
    if (!peer.trusted) {
      counters.increment(CoreCounter.UDP_UNTRUSTED);
    } else if (isKeepAlive(length)) {
      counters.increment(CoreCounter.UDP_KEEP_ALIVES);
    } else {
      counters.increment(CoreCounter.UDP_RECEIVED);
      onMessage(index, peer, length);
    }
  }

  private void onMessage(int index, Peer peer, int length) {
    try {
      // What was sent before this came is known to the retransmitter before it sees an answer.
      retransmitter.onMessage(view, 0, length);
      receiver.onMessage(
          hop.set(bindings[index].coreSocket(), peer.address, peer.port, 0), view, 0, length);
    } catch (RuntimeException | Error e) {
      errors.onError(e);
    }
  }

  private boolean isKeepAlive(int length) {
    for (int i = 0; i < length; i++) {
      final int b = view.getByte(i);
      if (b != '\r' && b != '\n') {
        return i == 0 && b >= 0 && b < LEAST_FIRST_BYTE;
      }
    }
    return true;
  }

  /** The JDK gives the same object again as long as datagrams come from the same peer. */
  private Peer peer(int index, SocketAddress sender) {
    final TrustedPeers.Snapshot now = trusted.snapshot();
    if (now != judgedBy) {
      judgedBy = now;
      peers.clear();
      Arrays.fill(lastSenders, null);
    }
    if (sender != lastSenders[index]) {
      lastPeers[index] = judge((InetSocketAddress) sender);
      lastSenders[index] = sender;
    }
    return lastPeers[index];
  }

  private Peer judge(InetSocketAddress sender) {
    final Peer known = peers.get(sender);
    if (known != null) {
      return known;
    }
    final Peer peer = new Peer(sender, judgedBy.contains(sender.getAddress()));
    if (peer.trusted) {
      if (peers.size() == MOST_PEERS_KNOWN) {
        peers.clear();
      }
      peers.put(sender, peer);
    }
    return peer;
  }

  // --- waiting ----------------------------------------------------------------------------------

  /** Waits for a datagram or the next deadline, unless there was work. */
  @Override
  public void idle(int workCount) {
    if (workCount <= 0) {
      idle();
    }
  }

  @Override
  public void idle() {
    final long waitNs = retransmitter.nextNs() - clock.nanoTime();
    if (waitNs <= 0 || stopping) {
      return;
    }
    try {
      selector.select(UdpAgent::ready, Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNs)));
    } catch (IOException e) {
      errors.onError(e);
    }
  }

  /** The next duty cycle looks at all sockets. */
  private static void ready(SelectionKey key) {}

  @Override
  public void reset() {}

  /** Makes the thread leave its wait, to find that it shall end. */
  void stop() {
    stopping = true;
    selector.wakeup();
  }

  /** Closes the sockets. When the thread has ended, or was never started. */
  @Override
  public void close() {
    stopping = true;
    for (final Binding binding : bindings) {
      binding.socket().close();
    }
    CloseHelper.quietClose(selector);
  }
}
