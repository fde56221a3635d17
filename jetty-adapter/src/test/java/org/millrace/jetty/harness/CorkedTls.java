package org.millrace.jetty.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/**
 * TLS over a socket that can hold back what is written and send it in one piece, together with
 * bytes that are not TLS at all.
 */
public final class CorkedTls implements AutoCloseable {
  private static final int TIMEOUT_MS = 30_000;

  private final CorkedSocket plain = new CorkedSocket();
  private final SSLSocket tls;

  private CorkedTls(InetSocketAddress address, String protocol) throws IOException {
    plain.connect(address, TIMEOUT_MS);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(TIMEOUT_MS);
    tls =
        (SSLSocket)
            RawClient.trustingAll()
                .getSocketFactory()
                .createSocket(plain, "localhost", address.getPort(), true);
    tls.setEnabledProtocols(new String[] {protocol});
    tls.startHandshake();
  }

  public static CorkedTls connect(InetSocketAddress address, String protocol) throws IOException {
    return new CorkedTls(address, protocol);
  }

  /** Does the opening handshake. */
  public CorkedTls upgrade(String path) throws IOException {
    write(RawClient.request(path, "echo").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    final InputStream in = tls.getInputStream();
    int lineEnds = 0;
    while (lineEnds < 4) {
      final int next = in.read();
      if (next < 0) {
        throw new IOException("no answer");
      }
      lineEnds = next == '\r' || next == '\n' ? lineEnds + 1 : 0;
    }
    return this;
  }

  /** One record, if it is not more than fits. */
  public CorkedTls write(byte... bytes) throws IOException {
    tls.getOutputStream().write(bytes);
    return this;
  }

  /** Each byte in a record of its own. */
  public CorkedTls writeSingly(byte... bytes) throws IOException {
    for (final byte b : bytes) {
      tls.getOutputStream().write(b);
    }
    return this;
  }

  public CorkedTls cork() {
    plain.out.held = new ByteArrayOutputStream();
    return this;
  }

  /** Past TLS. */
  public CorkedTls writeRaw(byte... bytes) throws IOException {
    plain.getOutputStream().write(bytes);
    return this;
  }

  /** Sends what was held back. */
  public CorkedTls uncork() throws IOException {
    final ByteArrayOutputStream held = plain.out.held;
    plain.out.held = null;
    plain.out.write(held.toByteArray());
    return this;
  }

  public SSLSocket tls() {
    return tls;
  }

  public Socket plain() {
    return plain;
  }

  public InputStream in() throws IOException {
    return tls.getInputStream();
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }

  private static final class CorkedSocket extends Socket {
    private final CorkedStream out = new CorkedStream();

    @Override
    public OutputStream getOutputStream() throws IOException {
      out.target = super.getOutputStream();
      return out;
    }

    /** While it is corked, the end of TLS's output comes without a FIN. */
    @Override
    public void shutdownOutput() throws IOException {
      if (out.held == null) {
        super.shutdownOutput();
      }
    }
  }

  private static final class CorkedStream extends OutputStream {
    private OutputStream target;
    private ByteArrayOutputStream held;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (held != null) {
        held.write(bytes, offset, length);
      } else {
        target.write(bytes, offset, length);
      }
    }
  }
}
