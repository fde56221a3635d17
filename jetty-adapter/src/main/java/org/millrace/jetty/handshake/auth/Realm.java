package org.millrace.jetty.handshake.auth;

/** The realm of a challenge. */
final class Realm {
  private Realm() {}

  /**
   * For use between quotes.
   *
   * @throws IllegalArgumentException if no header field can hold it.
   */
  static String quoted(String realm) {
    if (!realm.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException("realm: printable ASCII characters only");
    }
    return realm.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
