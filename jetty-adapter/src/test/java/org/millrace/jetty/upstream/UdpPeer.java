package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A core over UDP, with bounded waits. */
final class UdpPeer implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final DatagramSocket socket;
  private InetSocketAddress lastSender;

  UdpPeer(String host) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(host), 0));
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setSendBufferSize(1 << 18);
    socket.setReceiveBufferSize(1 << 20);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void send(String text, InetSocketAddress to) throws IOException {
    final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  String receive() throws IOException {
    final DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    socket.receive(packet);
    lastSender = (InetSocketAddress) packet.getSocketAddress();
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
  }

  InetSocketAddress lastSender() {
    return lastSender;
  }

  @Override
  public void close() {
    socket.close();
  }
}
