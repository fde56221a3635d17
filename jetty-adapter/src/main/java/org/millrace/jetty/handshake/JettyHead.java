package org.millrace.jetty.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bytes of a request that was judged, in the form that Jetty takes. */
final class JettyHead {
  private JettyHead() {}

  /**
   * The same bytes in most cases; without what followed if it is no handshake. Where a profile is
   * more lenient than Jetty about method, version or Host, the head is written anew.
   *
   * @param bytes from the head's first to whatever followed it.
   */
  static ByteBuffer of(ByteBuffer bytes, HeadReader reader, boolean handshake) {
    final RequestHead head = reader.head();
    final ByteBuffer all = bytes.slice(0, handshake ? bytes.limit() : reader.length());
    final String method = handshake ? "GET" : head.method();
    final int minor = handshake || head.minor() > 0 ? 1 : 0;
    final List<String> hosts = head.values("host");
    final boolean hostFits = hosts.size() == 1 || (minor == 0 && hosts.isEmpty());
    if (method.equals(head.method()) && minor == head.minor() && hostFits) {
      return all.position(reader.requestLineBegin());
    }
    final byte[] rewritten = rewritten(head, method, minor).getBytes(StandardCharsets.ISO_8859_1);
    final ByteBuffer rest = all.position(reader.length());
    return ByteBuffer.allocate(rewritten.length + rest.remaining()).put(rewritten).put(rest).flip();
  }

  private static String rewritten(RequestHead head, String method, int minor) {
    final List<String> hosts = head.values("host");
    final StringBuilder text = new StringBuilder(512);
    text.append(method).append(' ').append(head.target().path());
    head.target().query().ifPresent(query -> text.append('?').append(query));
    text.append(" HTTP/1.").append(minor).append("\r\n");
    text.append("Host: ").append(hosts.isEmpty() ? "localhost" : hosts.get(0)).append("\r\n");
    for (RequestHead.Field field : head.fields()) {
      if (!field.name().equals("host")) {
        text.append(field.name()).append(": ").append(field.value()).append("\r\n");
      }
    }
    return text.append("\r\n").toString();
  }

  /** By how much the bytes may grow: by blanks behind colons, and a Host. */
  static int growth(int maxFields) {
    return 64 + maxFields;
  }
}
