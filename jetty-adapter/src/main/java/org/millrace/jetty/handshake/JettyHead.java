package org.millrace.jetty.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a request that was judged, in the form that Jetty takes. */
final class JettyHead {
  private JettyHead() {}

  /**
   * The same bytes in most cases; without what followed if it is no handshake. Where a profile is
   * more lenient than Jetty about method, version or Host, the request line is replaced.
   *
   * @param bytes from the head's first to whatever followed it.
   */
  static ByteBuffer of(ByteBuffer bytes, HeadReader reader, boolean handshake) {
    final RequestHead head = reader.head();
    final ByteBuffer all = bytes.slice(0, handshake ? bytes.limit() : reader.length());
    final boolean first = !handshake && head.minor() == 0;
    final String method = handshake ? "GET" : head.method();
    final boolean hostMissing = !first && head.values("host").isEmpty();
    final boolean versionFits = head.minor() == (first ? 0 : 1);
    if (method.equals(head.method()) && versionFits && !hostMissing) {
      return all.position(reader.requestLineBegin());
    }
    final byte[] line = new byte[reader.requestLineEnd() - reader.requestLineBegin()];
    bytes.get(reader.requestLineBegin(), line);
    final String target = new String(line, StandardCharsets.US_ASCII).split(" ", -1)[1];
    final String replaced =
        method
            + ' '
            + target
            + (first ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
            + (hostMissing ? "Host: localhost\r\n" : "");
    final ByteBuffer rest = all.position(reader.requestLineEnd() + 2);
    final ByteBuffer result = ByteBuffer.allocate(replaced.length() + rest.remaining());
    return result.put(replaced.getBytes(StandardCharsets.US_ASCII)).put(rest).flip();
  }

  /** By how much the bytes may grow. */
  static int growth() {
    return 64;
  }
}
