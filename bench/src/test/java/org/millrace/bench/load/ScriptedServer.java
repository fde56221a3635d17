package org.millrace.bench.load;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An echo server in blocking style that a test can make to err. One thread a connection. */
final class ScriptedServer implements AutoCloseable {
  static final String ACCEPTED =
      String.join(
          "\r\n",
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
          "",
          "");

  /** What a server does with the number-th frame that it echoes on a connection, from 0. */
  interface Script {
    void answer(int number, byte[] echo, OutputStream output) throws IOException;
  }

  private static final int CLOSE = 0x8;

  private final ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  private final String response;
  private final Script script;

  ScriptedServer(String response, Script script) throws IOException {
    this.response = response;
    this.script = script;
    start(this::accept);
  }

  static ScriptedServer echo() throws IOException {
    return new ScriptedServer(ACCEPTED, (number, echo, output) -> output.write(echo));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  private static void start(Runnable runnable) {
    final Thread thread = new Thread(runnable, "scripted server");
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
      skipRequest(input);
      output.write(response.getBytes(StandardCharsets.US_ASCII));
      for (int number = 0; ; number++) {
        final byte[] echo = readFrame(input);
        script.answer(number, echo, output);
        if ((echo[0] & 0xF) == CLOSE) {
          return;
        }
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static void skipRequest(DataInputStream input) throws IOException {
    for (int last = 0; last != 0x0D0A0D0A; last = last << 8 | input.readUnsignedByte()) {
      // to the empty line
    }
  }

  /** Returns the frame as a server sends it. */
  private static byte[] readFrame(DataInputStream input) throws IOException {
    final int first = input.readUnsignedByte();
    final int second = input.readUnsignedByte() & 0x7F;
    final boolean extended = second == 126;
    final int length = extended ? input.readUnsignedShort() : second;
    final byte[] key = input.readNBytes(4);
    final int header = extended ? 4 : 2;
    final byte[] frame = new byte[header + length];
    frame[0] = (byte) first;
    frame[1] = (byte) second;
    if (extended) {
      frame[2] = (byte) (length >> 8);
      frame[3] = (byte) length;
    }
    input.readFully(frame, header, length);
    for (int i = 0; i < length; i++) {
      frame[header + i] ^= key[i & 3];
    }
    return frame;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
