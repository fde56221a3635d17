package org.millrace.jetty.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A SIP server over UDP that a test plays, but for OPTIONS, which it answers by itself. */
public final class UdpCore implements AutoCloseable {
  private static final int TIMEOUT_S = 30;

  /** What came, and from where. */
  public record Received(String text, InetSocketAddress from) {}

  private final DatagramSocket socket;
  private final Thread thread = new Thread(this::serve, "test-core");
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private volatile String probesAnswered = "200 OK";

  public UdpCore() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    thread.start();
  }

  public int port() {
    return socket.getLocalPort();
  }

  /**
   * @param status and reason, perhaps with further lines.
   */
  public void answerProbes(String status) {
    probesAnswered = status;
  }

  private void serve() {
    final DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        final String text =
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
        final InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
        if (text.startsWith("OPTIONS ") && text.contains("branch=z9hG4bKh1.")) {
          send(answer(text, probesAnswered), from);
        } else {
          received.add(new Received(text, from));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** An answer with the lines that every answer has, and an empty line. */
  public static String answer(String request, String status) {
    final List<String> lines = new ArrayList<>();
    lines.add("SIP/2.0 " + status);
    for (final String line : request.split("\r\n\r\n", 2)[0].split("\r\n")) {
      if (line.matches("(?i)(Via|From|To|Call-ID|CSeq|Record-Route): .*")) {
        lines.add(line);
      }
    }
    lines.add("Content-Length: 0");
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** The next message that is no probe, waited for. */
  public Received receive() throws InterruptedException {
    final Received next = received.poll(TIMEOUT_S, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within " + TIMEOUT_S + " s");
    }
    return next;
  }

  /** Whether nothing has come that was not received. */
  public boolean isEmpty() {
    return received.isEmpty();
  }

  public void send(String text, InetSocketAddress to) throws IOException {
    final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
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
