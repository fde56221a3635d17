package org.millrace.jetty.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/2 client of bare frames over TLS, blocking, which reads only when it is told to: what a
 * proper client would never do.
 */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int GO_AWAY = 7;
  public static final int WINDOW_UPDATE = 8;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int TIMEOUT_MS = 30_000;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int END_HEADERS = 4;
  private static final int MAX_FRAME = 16_384;
  private static final int LARGEST_WINDOW = Integer.MAX_VALUE - 65_535;

  private final SSLSocket socket;
  private final DataInputStream in;

  /** Head of a frame as it was received. */
  public record Frame(int type, int flags, int stream, int length) {}

  private RawHttp2(InetSocketAddress address, int receiveBuffer, int window) throws IOException {
    final Socket plain = new Socket();
    plain.setReceiveBufferSize(receiveBuffer);
    plain.connect(address, TIMEOUT_MS);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(TIMEOUT_MS);
    socket =
        (SSLSocket)
            RawClient.trustingAll()
                .getSocketFactory()
                .createSocket(plain, "localhost", address.getPort(), true);
    final SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    in = new DataInputStream(socket.getInputStream());
    write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    write(frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW_SIZE, window)));
    write(frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(LARGEST_WINDOW).array()));
  }

  /**
   * Connects and sends what a connection begins with.
   *
   * @param receiveBuffer of the socket; small for a peer that soon blocks the server's writes.
   * @param window of each stream.
   */
  public static RawHttp2 connect(InetSocketAddress address, int receiveBuffer, int window)
      throws IOException {
    return new RawHttp2(address, receiveBuffer, window);
  }

  /** Asks for a WebSocket connection; does not wait for the answer. */
  public RawHttp2 open(int stream, String path) throws IOException {
    final ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", "CONNECT");
    field(block, ":protocol", "websocket");
    field(block, ":scheme", "https");
    field(block, ":path", path);
    field(block, ":authority", "localhost");
    field(block, "sec-websocket-version", "13");
    field(block, "sec-websocket-protocol", "echo");
    return write(frame(HEADERS, END_HEADERS, stream, block.toByteArray()));
  }

  /** Literal without indexing, without Huffman (RFC 7541 section 6.2.2). */
  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  /** In as many DATA frames as it takes. */
  public RawHttp2 data(int stream, byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += MAX_FRAME) {
      final int end = Math.min(bytes.length, at + MAX_FRAME);
      write(frame(DATA, 0, stream, java.util.Arrays.copyOfRange(bytes, at, end)));
    }
    return this;
  }

  public RawHttp2 reset(int stream) throws IOException {
    return write(frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array()));
  }

  private static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  public static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  public RawHttp2 write(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public Frame read() throws IOException {
    final int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    final int type = in.readUnsignedByte();
    final int flags = in.readUnsignedByte();
    final int stream = in.readInt();
    in.readFully(new byte[length]);
    return new Frame(type, flags, stream, length);
  }

  /** The next of that type; others are skipped. */
  public Frame await(int type) throws IOException {
    Frame frame = read();
    while (frame.type() != type) {
      frame = read();
    }
    return frame;
  }

  public SSLSocket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
