package org.millrace.jetty.handshake;

/** Requests that are no handshakes and get an answer of their own. */
final class PlainRequests {
  private static final String HEALTH = "/healthz";
  private static final String PAGES = "/demo/";

  private PlainRequests() {}

  /** Whether a load balancer asks how this process is. */
  static boolean isHealth(RequestHead head) {
    return isPlain(head, true) && head.target().path().equals(HEALTH);
  }

  /** Whether a person asks for the page with the two clients. */
  static boolean isPage(RequestHead head) {
    final String path = head.target().path();
    return isPlain(head, false)
        && (path.equals("/") || path.equals("/favicon.ico") || path.startsWith(PAGES));
  }

  private static boolean isPlain(RequestHead head, boolean orHead) {
    final String method = head.method();
    return (method.equals("GET") || (orHead && method.equals("HEAD")))
        && !head.hasToken("upgrade", "websocket")
        && head.values("transfer-encoding").isEmpty()
        && head.values("content-length").stream().allMatch(length -> length.equals("0"));
  }
}
