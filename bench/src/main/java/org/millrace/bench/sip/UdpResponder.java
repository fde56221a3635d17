package org.millrace.bench.sip;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** The core: answers every request over UDP with 200. Driven by the client's thread. */
final class UdpResponder implements AutoCloseable {
  private static final int BUFFER = 1 << 21;
  private static final byte[] OK = ascii("SIP/2.0 200 OK\r\n");
  private static final byte[] TAG = ascii(";tag=core");
  private static final byte[] END = ascii("Content-Length: 0\r\n\r\n");

  private final DatagramChannel channel = DatagramChannel.open();
  private final ByteBuffer request = ByteBuffer.allocateDirect(65_536);
  private final ByteBuffer answer = ByteBuffer.allocateDirect(65_536);
  private long requests;

  UdpResponder() throws IOException {
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, BUFFER);
    channel.configureBlocking(false);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  int port() throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  DatagramChannel channel() {
    return channel;
  }

  /** How many requests there were, repetitions included. */
  long requests() {
    return requests;
  }

  /** Answers what has come in. */
  void respond() throws IOException {
    for (SocketAddress from = receive(); from != null; from = receive()) {
      requests++;
      answer.clear().put(OK);
      int line = endOfLine(0);
      while (line < request.limit() && request.get(line) != '\r') {
        final int end = endOfLine(line);
        copy(line, end);
        line = end;
      }
      channel.send(answer.put(END).flip(), from);
    }
  }

  private SocketAddress receive() throws IOException {
    final SocketAddress from = channel.receive(request.clear());
    request.flip();
    return from;
  }

  /** Behind the CRLF. */
  private int endOfLine(int from) {
    int at = from;
    while (at < request.limit() && request.get(at) != '\n') {
      at++;
    }
    return at + 1;
  }

  private void copy(int line, int end) {
    switch (request.get(line)) {
      case 'V', 'F', 'R' -> put(line, end); // Via, From, Record-Route
      case 'T' -> {
        put(line, end - 2);
        answer.put(TAG).put((byte) '\r').put((byte) '\n');
      }
      case 'C' -> {
        if (request.get(line + 1) == 'S' || request.get(line + 1) == 'a') {
          put(line, end); // CSeq, Call-ID
        }
      }
      default -> {}
    }
  }

  private void put(int from, int to) {
    answer.put(answer.position(), request, from, to - from);
    answer.position(answer.position() + to - from);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
