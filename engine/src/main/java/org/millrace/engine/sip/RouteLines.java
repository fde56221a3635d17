package org.millrace.engine.sip;

/** Writes Record-Route and Path lines with this side's own URIs (C-23, C-37). */
final class RouteLines {
  private static final byte[] RECORD_ROUTE = Octets.ascii("Record-Route: <sip:");
  private static final byte[] SECURE_RECORD_ROUTE = Octets.ascii("Record-Route: <sips:");
  private static final byte[] PATH = Octets.ascii("Path: <sip:");
  private static final byte[] SECURE_PATH = Octets.ascii("Path: <sips:");
  private static final byte[] END = Octets.ascii(">\r\n");
  private static final byte[] OB_END = Octets.ascii(";ob>\r\n");

  private RouteLines() {}

  /**
   * @param token the user, or null for none.
   * @param uri what follows it, as {@link CoreSocket#routeUri} and {@link ListenerAddress#routeUri}
   *     have it.
   * @param secure for {@code sips}.
   */
  static void recordRoute(SipWriter text, byte[] token, byte[] uri, boolean secure) {
    text.put(secure ? SECURE_RECORD_ROUTE : RECORD_ROUTE);
    if (token != null) {
      text.put(token).put('@');
    }
    text.put(uri).put(END);
  }

  static void path(SipWriter text, byte[] token, byte[] uri, boolean secure, boolean ob) {
    text.put(secure ? SECURE_PATH : PATH).put(token).put('@').put(uri).put(ob ? OB_END : END);
  }
}
