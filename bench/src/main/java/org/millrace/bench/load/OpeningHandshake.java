package org.millrace.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client's opening handshake as a browser sends it, always with the same key. */
public final class OpeningHandshake {
  private static final int MAX_RESPONSE = 2048;
  private static final String STATUS = "HTTP/1.1 101 ";
  private static final String END = "\r\n\r\n";

  /** Key and answer of the example in RFC 6455, section 1.3. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String ACCEPT = "s3pplmbitxaq9kygzzhzrbk+xoo=";

  private final byte[] request;

  OpeningHandshake(InetSocketAddress server) {
    this(server, "/echo", List.of());
  }

  private OpeningHandshake(InetSocketAddress server, String path, List<String> further) {
    final List<String> lines =
        new ArrayList<>(
            List.of(
                "GET " + path + " HTTP/1.1",
                "Host: " + server.getHostString() + ":" + server.getPort(),
                "Connection: Upgrade",
                "Pragma: no-cache",
                "Cache-Control: no-cache",
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari",
                "Upgrade: websocket",
                "Origin: http://" + server.getHostString(),
                "Sec-WebSocket-Version: 13",
                "Accept-Encoding: gzip, deflate",
                "Accept-Language: en",
                "Sec-WebSocket-Key: " + KEY));
    lines.addAll(further);
    request = String.join("\r\n", lines).concat(END).getBytes(StandardCharsets.US_ASCII);
  }

  /** One that asks for a sub-protocol. */
  public static OpeningHandshake of(InetSocketAddress server, String path, String subProtocol) {
    return new OpeningHandshake(server, path, List.of("Sec-WebSocket-Protocol: " + subProtocol));
  }

  /** A fresh view of the request. */
  ByteBuffer request() {
    return ByteBuffer.wrap(request);
  }

  /** A buffer in which a response has room. */
  static ByteBuffer responseBuffer() {
    return ByteBuffer.allocate(MAX_RESPONSE);
  }

  /**
   * Looks whether a response is complete, and whether it is right.
   *
   * @param received from 0 to its position; becomes empty when the response is complete.
   */
  static boolean isComplete(ByteBuffer received) throws WrongAnswerException {
    final String response =
        StandardCharsets.ISO_8859_1.decode(received.duplicate().flip()).toString();
    final int end = response.indexOf(END);
    if (end < 0 && received.hasRemaining()) {
      return false;
    }
    final boolean right =
        response.startsWith(STATUS)
            && response.toLowerCase(Locale.ROOT).contains(": " + ACCEPT + "\r\n")
            && end + END.length() == response.length();
    if (!right) {
      throw new WrongAnswerException("the handshake was answered with: " + response);
    }
    received.clear();
    return true;
  }

  /** Connects and shakes hands, waiting for it; the channel is in blocking mode. */
  public SocketChannel connect(InetSocketAddress server) throws IOException {
    final SocketChannel channel = SocketChannel.open(server);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.write(request());
      final ByteBuffer response = responseBuffer();
      do {
        if (channel.read(response) < 0) {
          throw new EOFException("the server ended the connection during the handshake");
        }
      } while (!isComplete(response));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
