package org.millrace.engine.sip;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Header fields that messages of clients lose, because only the core may say such (C-4). */
final class DroppedHeaders {
  private final int[] known;
  private final byte[][] others;

  /**
   * @param names in lower case, each {@link #isDroppable}.
   */
  DroppedHeaders(List<String> names) {
    known =
        names.stream()
            .mapToInt(DroppedHeaders::idOf)
            .filter(id -> id != HeaderName.OTHER)
            .distinct()
            .toArray();
    others =
        names.stream()
            .filter(name -> idOf(name) == HeaderName.OTHER)
            .map(Octets::ascii)
            .toArray(byte[][]::new);
  }

  private static int idOf(String name) {
    final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return HeaderName.of(Arrays.copyOf(bytes, bytes.length + Long.BYTES), 0, bytes.length);
  }

  /** Whether messages still work without it, and nothing here needs it. */
  static boolean isDroppable(String name) {
    return switch (idOf(name)) {
      case HeaderName.VIA,
          HeaderName.FROM,
          HeaderName.TO,
          HeaderName.CALL_ID,
          HeaderName.CSEQ,
          HeaderName.CONTACT,
          HeaderName.MAX_FORWARDS,
          HeaderName.ROUTE,
          HeaderName.CONTENT_LENGTH ->
          false;
      default -> !name.isEmpty();
    };
  }

  /** Within a dialog a Record-Route means nothing, and stays. */
  void dropFromRequest(SipMessage request, Rewrite rewrite) {
    for (final int id : known) {
      if (id != HeaderName.RECORD_ROUTE || !request.to().hasTag()) {
        rewrite.remove(id);
      }
    }
    dropOthers(request, rewrite);
  }

  /** A response has Record-Route and Path from its request, and they stay. */
  void dropFromResponse(SipMessage response, Rewrite rewrite) {
    for (final int id : known) {
      if (id != HeaderName.RECORD_ROUTE && id != HeaderName.PATH) {
        rewrite.remove(id);
      }
    }
    dropOthers(response, rewrite);
  }

  private void dropOthers(SipMessage message, Rewrite rewrite) {
    if (others.length == 0) {
      return;
    }
    for (int i = 0; i < message.headerCount(); i++) {
      if (message.id(i) == HeaderName.OTHER && isOther(message, i)) {
        rewrite.removeLine(i);
      }
    }
  }

  private boolean isOther(SipMessage message, int index) {
    final byte[] buffer = message.text();
    final int start = message.lineStart(index);
    int end = start;
    while (Octets.isToken(buffer[end])) {
      end++;
    }
    for (final byte[] other : others) {
      if (Octets.equalIgnoringCase(buffer, start, end - start, other)) {
        return true;
      }
    }
    return false;
  }
}
