package org.millrace.jetty.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A user agent server over UDP behind a network that loses one datagram in so many, in each
 * direction. It does what RFC 3261 has it do about that: answers a repeated request as before, and
 * repeats the final answer to an INVITE until the ACK comes (section 13.3.1.4).
 */
public final class LossyCore implements AutoCloseable {
  private static final int TICK_MS = 20;

  private final DatagramSocket socket;
  private final Thread thread = new Thread(this::serve, "lossy-core");
  private final Random random = new Random(1);
  private final int oneIn;
  private final Map<String, String> answers = new HashMap<>();
  private final Map<String, String> unacknowledged = new LinkedHashMap<>();
  private InetSocketAddress peer;
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private volatile int waitingForAck;

  public LossyCore(int oneIn) throws IOException {
    this.oneIn = oneIn;
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    socket.setReceiveBufferSize(4 * 1024 * 1024);
    socket.setSoTimeout(TICK_MS);
    thread.start();
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Datagrams that never arrived, of both directions. */
  public int lost() {
    return lost.get();
  }

  /** Requests that came more than once. */
  public int repeated() {
    return repeated.get();
  }

  /** Calls that have been answered and not been acknowledged. */
  public int waitingForAck() {
    return waitingForAck;
  }

  private void serve() {
    final DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    try {
      long next = System.nanoTime() + TICK_MS * 1_000_000L;
      while (!socket.isClosed()) {
        if (receive(packet)) {
          peer = (InetSocketAddress) packet.getSocketAddress();
          final String text =
              new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
          if (!isLost()) {
            message(text);
          }
        }
        if (System.nanoTime() - next >= 0) {
          for (final String answer : unacknowledged.values()) {
            send(answer, peer);
          }
          next = System.nanoTime() + TICK_MS * 1_000_000L;
        }
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private boolean receive(DatagramPacket packet) throws IOException {
    try {
      socket.receive(packet);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private boolean isLost() {
    if (random.nextInt(oneIn) != 0) {
      return false;
    }
    lost.incrementAndGet();
    return true;
  }

  private void message(String request) throws IOException {
    final String method = request.substring(0, request.indexOf(' '));
    final String callId = request.replaceFirst("(?s).*\r\nCall-ID: ([^\r]*).*", "$1");
    if (method.equals("ACK")) {
      unacknowledged.remove(callId);
      waitingForAck = unacknowledged.size();
      return;
    }
    final String key = method + callId;
    final boolean first = !answers.containsKey(key);
    if (first) {
      answers.put(key, answer(method, request));
    } else {
      repeated.incrementAndGet();
    }
    if (method.equals("INVITE")) {
      send(UdpCore.answer(request, "180 Ringing"), peer);
      if (first) {
        unacknowledged.put(callId, answers.get(key));
        waitingForAck = unacknowledged.size();
      }
    }
    send(answers.get(key), peer);
  }

  private static String answer(String method, String request) {
    final String status =
        request.contains("sip:busy@") && !method.equals("ACK") ? "486 Busy" : "200 OK";
    return UdpCore.answer(request, status)
        .replaceFirst("\r\n(To: [^\r]*>)\r\n", "\r\n$1;tag=core\r\n");
  }

  private void send(String text, SocketAddress to) throws IOException {
    if (!isLost()) {
      final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    }
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
