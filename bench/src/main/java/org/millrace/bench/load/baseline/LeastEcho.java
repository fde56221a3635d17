package org.millrace.bench.load.baseline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Masking;
import org.millrace.engine.frame.Role;

/**
 * An echo server that does no more than it must: one thread, one read, a pass over the frames that
 * have come, one write. It trusts its clients, checks nothing and closes as soon as anything is out
 * of the ordinary: no server to use, but one to measure generators with.
 */
public final class LeastEcho implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;
  private static final int BACKLOG = 1024;
  private static final int CLOSE = 8;
  private static final int KEY_LENGTH = 4;
  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());

  /** Listens on a free port of the loopback address. */
  public LeastEcho() throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Tells its port, and serves until its input ends. */
  public static void main(String[] args) throws IOException {
    try (LeastEcho server = new LeastEcho()) {
      System.out.println(server.port());
      final Thread thread = new Thread(server::serve, "echo");
      thread.setDaemon(true);
      thread.start();
      while (System.in.read() >= 0) {
        // whoever started it is there
      }
    }
  }

  int port() throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  private void serve() {
    try {
      while (true) {
        selector.select(this::ready);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        final SocketChannel channel = listener.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Client(channel));
      } else if (!((Client) key.attachment()).readable()) {
        key.channel().close();
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private final class Client {
    private final SocketChannel channel;
    private byte[] rest = {};
    private boolean open;

    private Client(SocketChannel channel) {
      this.channel = channel;
    }

    private boolean readable() throws IOException {
      in.clear().put(rest);
      if (channel.read(in) < 0) {
        return false;
      }
      in.flip();
      out.clear();
      if (open) {
        while (frame()) {
          // one after the other
        }
      } else {
        open();
      }
      rest = new byte[in.remaining()];
      in.get(rest);
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      return in.limit() > 0;
    }

    private void open() {
      final String request = StandardCharsets.US_ASCII.decode(in.duplicate()).toString();
      final Matcher key = KEY.matcher(request);
      if (request.endsWith("\r\n\r\n") && key.find()) {
        in.position(in.limit());
        open = true;
        out.put(
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + accept(key.group(1))
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
      }
    }

    private static String accept(String key) {
      try {
        return Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-1")
                    .digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Echoes one that is there as a whole. */
    private boolean frame() {
      final int from = in.position();
      if (in.remaining() < 2) {
        return false;
      }
      final int shortLength = in.get(from + 1) & 0x7F;
      final int extended = shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8;
      if (in.remaining() < 2 + extended + KEY_LENGTH) {
        return false;
      }
      int length = extended == 0 ? shortLength : 0;
      for (int i = 0; i < extended; i++) {
        length = length << 8 | (in.get(from + 2 + i) & 0xFF);
      }
      final int payload = from + 2 + extended + KEY_LENGTH;
      if (in.limit() < payload + length) {
        return false;
      }
      Masking.apply(in, payload, length, in.getInt(payload - KEY_LENGTH));
      final int at = out.position();
      final int header = FrameEncoder.headerLength(Role.SERVER, length);
      out.put(at + header, in, payload, length);
      FrameEncoder.encode(Role.SERVER, in.get(from) & 0xF, true, out, at, length, () -> 0);
      out.position(at + header + length);
      in.position((in.get(from) & 0xF) == CLOSE ? in.limit() : payload + length);
      return true;
    }
  }
}
