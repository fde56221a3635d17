package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreHop;
import org.millrace.jetty.config.CoreSocketConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound UDP socket. Read by the {@link UdpAgent}, written by any thread at once: the channel
 * makes writers take turns for the time of one system call.
 *
 * <p>It is not connected, so that one socket serves all of the core, and what ICMP tells of one
 * peer harms no other.
 */
final class UdpSocket implements AutoCloseable {
  /** More than any datagram has. */
  static final int MAX_DATAGRAM = 65_536;

  /** The most that IPv4 carries. */
  static final int MAX_SENT = 65_507;

  private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);
  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private final DatagramChannel channel;
  private final InetSocketAddress localAddress;
  private final CoreCounters counters;

  /** Whether the last datagram was refused, so that the log tells of changes only. */
  private volatile boolean failing;

  /** What a sending thread uses again and again. */
  private static final class Scratch {
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private final PeerAddresses peers = new PeerAddresses();
  }

  private UdpSocket(DatagramChannel channel, CoreCounters counters) throws IOException {
    this.channel = channel;
    this.counters = counters;
    localAddress = (InetSocketAddress) channel.getLocalAddress();
  }

  /**
   * @throws IOException if the address cannot be bound; the message names it.
   */
  static UdpSocket bind(CoreSocketConfig config, CoreCounters counters) throws IOException {
    final InetAddress host = InetAddress.getByName(config.host());
    final ProtocolFamily family =
        host.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    final DatagramChannel channel = DatagramChannel.open(family);
    try {
      channel.configureBlocking(false);
      if (config.receiveBuffer() > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, config.receiveBuffer());
      }
      if (config.sendBuffer() > 0) {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, config.sendBuffer());
      }
      channel.bind(new InetSocketAddress(host, config.port()));
      return new UdpSocket(channel, counters);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException(
          "core socket %s: cannot bind udp %s port %d: %s"
              .formatted(config.name(), config.host(), config.port(), e.getMessage()),
          e);
    }
  }

  DatagramChannel channel() {
    return channel;
  }

  InetSocketAddress localAddress() {
    return localAddress;
  }

  /** Sends a datagram; any thread. One of {@link SendResult}. */
  int send(InetSocketAddress peer, DirectBuffer buffer, int offset, int length) {
    return send(SCRATCH.get(), peer, buffer, offset, length);
  }

  /** Sends a datagram where another came from; any thread. One of {@link SendResult}. */
  int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    final Scratch scratch = SCRATCH.get();
    final InetSocketAddress peer = scratch.peers.of(hop.address(), hop.addressLength(), hop.port());
    return send(scratch, peer, buffer, offset, length);
  }

  private int send(
      Scratch scratch, InetSocketAddress peer, DirectBuffer buffer, int offset, int length) {
    if (length > MAX_SENT) {
      return SendResult.TOO_LONG;
    }
    final ByteBuffer datagram = scratch.datagram;
    buffer.getBytes(offset, datagram, 0, length);
    datagram.position(0).limit(length);
    try {
      if (channel.send(datagram, peer) == 0 && length > 0) {
        counters.increment(CoreCounter.UDP_BACK_PRESSURED);
        return SendResult.BACK_PRESSURED;
      }
    } catch (ClosedChannelException e) {
      return SendResult.NOT_OPEN;
    } catch (IOException | RuntimeException e) {
      return failed(peer, e);
    }
    counters.increment(CoreCounter.UDP_SENT);
    if (failing) {
      failing = false;
      LOG.info("udp socket {} can send again", localAddress);
    }
    return SendResult.SENT;
  }

  private int failed(InetSocketAddress peer, Exception why) {
    counters.increment(CoreCounter.UDP_FAILED);
    if (!failing) {
      failing = true;
      LOG.warn("udp socket {} cannot send to {}: {}", localAddress, peer, why.toString());
    }
    return SendResult.NOT_OPEN;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("udp socket {}: {}", localAddress, e.toString());
    }
  }
}
