package org.millrace.jetty.upstream;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The core's end of a connection, with bounded waits. */
final class StreamPeer implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;
  private final DataInputStream in;

  StreamPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Connects from an address of the loopback. */
  static StreamPeer connect(String from, InetSocketAddress to) throws IOException {
    final Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(to, TIMEOUT_MS);
    return new StreamPeer(socket);
  }

  Socket socket() {
    return socket;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  StreamPeer send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  String read(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** The next byte, or -1 at the end. */
  int read() throws IOException {
    return in.read();
  }

  /** Bytes that can be read at once. */
  int available() {
    try {
      return in.available();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Up to and with the empty line. */
  String readHead() throws IOException {
    final StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  /** Reads the request of an opening handshake and gives the answer that fits. */
  String upgrade() throws IOException {
    final String request = readHead();
    send(goodAnswer(request));
    return request;
  }

  static String goodAnswer(String request) {
    return """
        HTTP/1.1 101 Switching Protocols
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Accept: %s
        Sec-WebSocket-Protocol: sip

        """
        .formatted(accept(request))
        .replace("\n", "\r\n");
  }

  static String accept(String request) {
    final String key = request.replaceAll("(?s).*Sec-WebSocket-Key: ([^\r]*)\r.*", "$1");
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest(
                      (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                          .getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of the next frame, which must be masked. */
  String readFrame() throws IOException {
    in.readUnsignedByte();
    final int second = in.readUnsignedByte();
    if ((second & 0x80) == 0) {
      throw new IOException("not masked");
    }
    int length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    }
    final byte[] key = in.readNBytes(4);
    final byte[] payload = in.readNBytes(length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= key[i & 3];
    }
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** A text frame of a server. */
  StreamPeer sendFrame(String text) throws IOException {
    return send("\u0081" + (char) text.length() + text);
  }

  /** The next close is an RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
