package org.millrace.bench.load.client;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The opening handshake with a server, always with the same key, and what answers are good. */
public final class Upgrade {
  private static final String END = "\r\n\r\n";
  private static final int MOST_RESPONSE = 16 * 1024;

  /** Key and answer of the example in RFC 6455, section 1.3. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private final Optional<String> subProtocol;
  private final String path;
  private final byte[] request;

  /** One for all connections to a server. */
  public Upgrade(URI server, Optional<String> subProtocol) {
    this.subProtocol = subProtocol;
    final String query = server.getRawQuery() == null ? "" : "?" + server.getRawQuery();
    path = (server.getRawPath().isEmpty() ? "/" : server.getRawPath()) + query;
    final String scheme = server.getScheme().equals("wss") ? "https" : "http";
    final List<String> lines =
        new ArrayList<>(
            List.of(
                "GET " + path + " HTTP/1.1",
                "Host: " + server.getRawAuthority(),
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Origin: " + scheme + "://" + server.getRawAuthority(),
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY));
    subProtocol.ifPresent(name -> lines.add("Sec-WebSocket-Protocol: " + name));
    request = String.join("\r\n", lines).concat(END).getBytes(StandardCharsets.US_ASCII);
  }

  ByteBuffer request() {
    return ByteBuffer.wrap(request);
  }

  /**
   * Looks at a response.
   *
   * @param received from 0 to its position.
   * @return where what follows it begins; -1 if it is not complete.
   * @throws IOException with a message for people, if it is not a good one.
   */
  int end(ByteBuffer received) throws IOException {
    final String text = StandardCharsets.ISO_8859_1.decode(received.duplicate().flip()).toString();
    final int end = text.indexOf(END);
    if (end < 0) {
      if (text.length() >= MOST_RESPONSE) {
        throw new IOException("the server's response has no end within 16 KiB");
      }
      return -1;
    }
    final String[] lines = text.substring(0, end).split("\r\n", -1);
    if (!lines[0].matches("HTTP/1\\.1 101( .*)?")) {
      throw new IOException(
          "the server refused the opening handshake: "
              + lines[0]
              + " (asked for "
              + path
              + subProtocol
                  .map(name -> " with sub-protocol " + name)
                  .orElse(" without sub-protocol")
              + ")");
    }
    if (!ACCEPT.equals(header(lines, "sec-websocket-accept"))) {
      throw new IOException("the server's Sec-WebSocket-Accept is wrong");
    }
    final String chosen = header(lines, "sec-websocket-protocol");
    if (!subProtocol.orElse("").equals(chosen)) {
      throw new IOException(
          "the server refused the sub-protocol: asked for "
              + subProtocol.orElse("none")
              + ", it chose "
              + (chosen.isEmpty() ? "none" : chosen)
              + " (see --sub-protocol)");
    }
    return end + END.length();
  }

  private static String header(String[] lines, String name) {
    for (final String line : lines) {
      final int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }
}
