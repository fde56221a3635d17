package org.millrace.bench.load;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registrar and proxy that knows just enough SIP for the generator's requests: it answers OPTIONS
 * and REGISTER, and carries the rest between users, with a Via of its own and a Record-Route.
 */
final class MiniRegistrar implements AutoCloseable {
  private static final Pattern USER = Pattern.compile("sip:(u\\d{8})@");
  private static final String OWN_VIA = "Via: SIP/2.0/WS mini;branch=z9hG4bK-mini-";
  private static final String ROUTE = "<sip:mini;lr>";

  private final ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  private final Map<String, OutputStream> users = new ConcurrentHashMap<>();
  private final int status;
  private final boolean twice;

  /**
   * A server.
   *
   * @param status with which it answers REGISTER.
   * @param twice whether it answers OPTIONS twice.
   */
  MiniRegistrar(int status, boolean twice) throws IOException {
    this.status = status;
    this.twice = twice;
    start(this::accept);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/");
  }

  private static void start(Runnable runnable) {
    final Thread thread = new Thread(runnable, "mini registrar");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        final Socket socket = listener.accept();
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      final DataInputStream input = new DataInputStream(socket.getInputStream());
      final OutputStream output = socket.getOutputStream();
      for (int last = 0; last != 0x0D0A0D0A; last = last << 8 | input.readUnsignedByte()) {
        // to the empty line
      }
      output.write(
          ScriptedServer.ACCEPTED
              .replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: sip\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      while (true) {
        handle(read(input), output);
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static String read(DataInputStream input) throws IOException {
    input.readUnsignedByte();
    final int length = input.readUnsignedByte() & 0x7F;
    final byte[] key;
    final byte[] text = new byte[length == 126 ? input.readUnsignedShort() : length];
    key = input.readNBytes(4);
    input.readFully(text);
    for (int i = 0; i < text.length; i++) {
      text[i] ^= key[i & 3];
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static void write(OutputStream output, String message) throws IOException {
    final byte[] text = message.getBytes(StandardCharsets.US_ASCII);
    final byte[] frame = new byte[4 + text.length];
    frame[0] = (byte) 0x81;
    frame[1] = 126;
    frame[2] = (byte) (text.length >> 8);
    frame[3] = (byte) text.length;
    System.arraycopy(text, 0, frame, 4, text.length);
    synchronized (output) {
      output.write(frame);
    }
  }

  private void handle(String message, OutputStream output) throws IOException {
    if (message.startsWith("SIP/2.0")) {
      final String back = message.replaceFirst("Via: [^\r]*\r\n", "");
      write(users.get(user(back, "From")), back);
    } else if (message.startsWith("REGISTER")) {
      users.put(user(message, "To"), output);
      write(output, answer(message, status));
    } else if (message.startsWith("OPTIONS")) {
      write(output, answer(message, 200));
      if (twice) {
        write(output, answer(message, 200));
      }
    } else {
      final boolean inside = message.contains("\r\nRoute: " + ROUTE);
      final String forwarded =
          message
              .replaceFirst("\r\nRoute: [^\r]*", "")
              .replaceFirst(
                  "\r\n",
                  "\r\n" + OWN_VIA + "1\r\n" + (inside ? "" : "Record-Route: " + ROUTE + "\r\n"));
      final boolean toFirst = message.startsWith("ACK sip:") && !inside;
      if (!toFirst) {
        write(users.get(user(message, "To")), forwarded);
      }
    }
  }

  private static String user(String message, String header) {
    final Matcher matcher = USER.matcher(message);
    return matcher.find(message.indexOf("\r\n" + header + ":")) ? matcher.group(1) : "";
  }

  private static String answer(String request, int code) {
    final StringBuilder answer = new StringBuilder("SIP/2.0 " + code + " Fine\r\n");
    for (final String line : request.split("\r\n", -1)) {
      if (line.matches("(Via|To|From|Call-ID|CSeq): .*")) {
        answer.append(line).append(line.startsWith("To") ? ";tag=mini" : "").append("\r\n");
      }
    }
    return answer.append("Content-Length: 0\r\n\r\n").toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
