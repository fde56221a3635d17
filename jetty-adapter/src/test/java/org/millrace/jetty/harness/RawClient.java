package org.millrace.jetty.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A blocking client that sends what it is told, byte for byte, with bounded waits. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 60_000;
  private static final int SMALL = 126;
  private static final int MEDIUM = 127;

  private final Socket socket;
  private final DataInputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** A frame as it was received. */
  public static final class Frame {
    private final int firstByte;
    private final byte[] payload;

    private Frame(int firstByte, byte[] payload) {
      this.firstByte = firstByte;
      this.payload = payload;
    }

    public int firstByte() {
      return firstByte;
    }

    public byte[] payload() {
      return payload;
    }

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of a Close; 1005 if there is none. */
    public int closeCode() {
      return payload.length < 2 ? 1005 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    }
  }

  public static RawClient connect(InetSocketAddress address) throws IOException {
    final Socket socket = new Socket();
    socket.connect(address, TIMEOUT_MS);
    return new RawClient(socket);
  }

  /** Trusts any certificate. */
  public static RawClient connectTls(InetSocketAddress address) throws IOException {
    final SSLSocket socket = (SSLSocket) trustingAll().getSocketFactory().createSocket();
    socket.connect(address, TIMEOUT_MS);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.startHandshake();
    return new RawClient(socket);
  }

  public static SSLContext trustingAll() {
    try {
      final SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustingAll()}, null);
      return context;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public Socket socket() {
    return socket;
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawClient send(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public RawClient sendHex(String hex) throws IOException {
    return send(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** An opening handshake that fits; returns the head of the answer. */
  public String upgrade(String path, String subProtocols) throws IOException {
    send(request(path, subProtocols));
    return readHead();
  }

  public static String request(String path, String subProtocols) {
    return """
        GET %s HTTP/1.1
        Host: localhost
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Protocol: %s

        """
        .formatted(path, subProtocols)
        .replace("\n", "\r\n");
  }

  /** Up to and with the empty line; what there was, if the peer closes before. */
  public String readHead() throws IOException {
    final StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      final int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** A masked frame with FIN. */
  public RawClient sendFrame(int opcode, byte[] payload) throws IOException {
    return send(masked(0x80 | opcode, payload));
  }

  public RawClient sendText(String text) throws IOException {
    return sendFrame(1, text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] masked(int firstByte, byte[] payload) {
    final byte[] key = {0x37, (byte) 0xFA, 0x21, 0x3D};
    final ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write(firstByte);
    if (payload.length < SMALL) {
      frame.write(0x80 | payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.write(0x80 | SMALL);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | MEDIUM);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(key);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ key[i & 3]);
    }
    return frame.toByteArray();
  }

  public Frame readFrame() throws IOException {
    final int firstByte = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == SMALL) {
      length = in.readUnsignedShort();
    } else if (length == MEDIUM) {
      length = in.readLong();
    }
    final byte[] payload = new byte[Math.toIntExact(length)];
    in.readFully(payload);
    return new Frame(firstByte, payload);
  }

  /** The next byte, or -1 at the end. */
  public int read() throws IOException {
    return in.read();
  }

  /** Until the peer closes. */
  public byte[] readToEnd() throws IOException {
    return in.readAllBytes();
  }

  /** The next close is an RST. */
  public RawClient resetOnClose() throws IOException {
    socket.setSoLinger(true, 0);
    return this;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class TrustingAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
