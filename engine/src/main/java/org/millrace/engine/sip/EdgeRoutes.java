package org.millrace.engine.sip;

/**
 * Works off the Route values that name this side, and puts right what strict routers did (C-5, C-7,
 * RFC 3261 sections 16.4 and 16.6). What they tell is asked for here; what they change is written
 * by {@link #edit}. One instance a router.
 */
final class EdgeRoutes {
  /** Two for a double Record-Route, and two more if both ends of a dialog are clients. */
  private static final int MOST_OWN = 4;

  private static final byte[] TRANSPORT = Octets.ascii("transport");
  private static final byte[] LR = Octets.ascii("lr");
  private static final byte[] ROUTE = Octets.ascii("Route: <");
  private static final byte[] ROUTE_END = Octets.ascii(">\r\n");

  private enum Own {
    YES,
    NO,
    FORGED
  }

  private final RouteValues values = new RouteValues();
  private final SipUri uri = new SipUri();
  private final UriParams params = new UriParams();
  private final OwnNames names;
  private final FlowFinder finder;
  private CoreTransport transport;
  private boolean transportUnknown;
  private boolean loose;
  private int first;
  private int last;
  private int uriOffset;
  private int uriLength;
  private boolean strictNext;
  private FlowFinder.Verdict verdict;
  private Flow flow;
  private boolean endsWithToken;

  EdgeRoutes(OwnNames names, FlowFinder finder) {
    this.names = names;
    this.finder = finder;
  }

  /** Reads the Route values; false if they are malformed. */
  boolean read(SipMessage request) {
    return values.read(request);
  }

  RouteValues values() {
    return values;
  }

  /**
   * Takes off what names this side.
   *
   * @param requestUri of the request.
   * @return false if there is a user in a URI of ours that is no token of ours (C-29).
   */
  boolean strip(SipMessage request, SipUri requestUri) {
    first = 0;
    last = values.count();
    uriOffset = request.uriOffset();
    uriLength = request.uriLength();
    verdict = null;
    flow = null;
    endsWithToken = false;
    strictNext = false;
    if (last == 0) {
      return true;
    }
    final byte[] buffer = request.text();
    if (isRecordedUri(buffer, requestUri)) {
      last--;
      uriOffset = values.uriOffset(last);
      uriLength = values.uriLength(last);
    }
    for (int own = 0; first < last && own < MOST_OWN; own++) {
      final Own is = own(buffer, values.uriOffset(first), values.uriLength(first));
      if (is != Own.YES) {
        return is == Own.NO;
      }
      first++;
    }
    return true;
  }

  /** Whether a strict router has put a Record-Route value of ours into the Request-URI. */
  private boolean isRecordedUri(byte[] buffer, SipUri requestUri) {
    if (!requestUri.isSip()) {
      return false;
    }
    if (requestUri.hasUser()) {
      return token(buffer, requestUri);
    }
    readParams(buffer, requestUri, uriOffset + uriLength);
    return loose && !transportUnknown && names.has(buffer, requestUri, transport);
  }

  private Own own(byte[] buffer, int offset, int length) {
    if (!uri.parse(buffer, offset, length) || !uri.isSip()) {
      return Own.NO;
    }
    if (uri.hasUser() && token(buffer, uri)) {
      endsWithToken = true;
      return Own.YES;
    }
    readParams(buffer, uri, offset + length);
    if (transportUnknown || !names.has(buffer, uri, transport)) {
      return Own.NO;
    }
    endsWithToken = false;
    return uri.hasUser() ? Own.FORGED : Own.YES;
  }

  private boolean token(byte[] buffer, SipUri of) {
    final FlowFinder.Verdict found = finder.find(buffer, of.userOffset(), of.userLength());
    if (found == FlowFinder.Verdict.NOT_OURS) {
      return false;
    }
    verdict = found;
    flow = finder.flow();
    return true;
  }

  private void readParams(byte[] buffer, SipUri of, int end) {
    transport = null;
    transportUnknown = false;
    loose = false;
    params.on(buffer, of, end);
    while (params.next()) {
      if (params.is(LR)) {
        loose = true;
      } else if (params.is(TRANSPORT) && params.valueLength() > 0) {
        transport = CoreTransport.named(buffer, params.valueOffset(), params.valueLength());
        transportUnknown = transport == null;
      }
    }
  }

  /** Whether the Request-URI names this side and nobody here. */
  boolean isSelf(SipMessage request, SipUri requestUri) {
    if (!requestUri.isSip() || requestUri.hasUser()) {
      return false;
    }
    readParams(request.text(), requestUri, request.uriOffset() + request.uriLength());
    return !transportUnknown && names.has(request.text(), requestUri, transport);
  }

  // ---- what has been found ----

  /** What the last token of ours says, or null if there was none. */
  FlowFinder.Verdict verdict() {
    return verdict;
  }

  /** The flow of the last token of ours, if it is open; else null. */
  Flow flow() {
    return flow;
  }

  /** Whether a value named this side, with a token or without. */
  boolean hasOwn() {
    return first > 0;
  }

  /** Whether the Request-URI is the one received, and not one from a Route value. */
  boolean isUriReceived(SipMessage request) {
    return uriOffset == request.uriOffset();
  }

  /** Whether a token of ours was the last value that named this side. */
  boolean endsWithToken() {
    return endsWithToken;
  }

  /** Whether there is a value left, the next hop. */
  boolean hasNext() {
    return first < last;
  }

  int nextUriOffset() {
    return values.uriOffset(first);
  }

  int nextUriLength() {
    return values.uriLength(first);
  }

  /** Where the Request-URI that the request leaves with is. */
  int uriOffset() {
    return uriOffset;
  }

  int uriLength() {
    return uriLength;
  }

  /**
   * Looks whether the next hop is a strict router, to whom the request goes with its URI as
   * Request-URI (RFC 3261 section 16.6, step 6).
   */
  void readNext(SipMessage request) {
    final int end = nextUriOffset() + nextUriLength();
    if (uri.parse(request.text(), nextUriOffset(), nextUriLength())) {
      readParams(request.text(), uri, end);
      strictNext = !loose;
    }
  }

  // ---- writing ----

  /** Puts the changes of Request-URI and Route values into a splice. */
  void edit(SipMessage request, Rewrite rewrite) {
    final byte[] buffer = request.text();
    final int received = request.uriOffset();
    if (strictNext) {
      rewrite
          .splice()
          .replace(received, received + request.uriLength())
          .put(buffer, nextUriOffset(), nextUriLength());
    } else if (uriOffset != received) {
      rewrite
          .splice()
          .replace(received, received + request.uriLength())
          .put(buffer, uriOffset, uriLength);
    }
    final int keep = strictNext ? first + 1 : first;
    for (int from = 0; from < values.count(); ) {
      int to = from + 1;
      while (to < values.count() && values.header(to) == values.header(from)) {
        to++;
      }
      editLine(request, rewrite, from, to, keep);
      from = to;
    }
    if (strictNext) {
      final int lastLine = values.header(values.count() - 1);
      rewrite
          .splice()
          .insert(request.lineEnd(lastLine))
          .put(ROUTE)
          .put(buffer, uriOffset, uriLength)
          .put(ROUTE_END);
    }
  }

  /** Of the values {@code from} to {@code to}, those in a line, only some stay. */
  private void editLine(SipMessage request, Rewrite rewrite, int from, int to, int keep) {
    final int line = values.header(from);
    final int firstKept = Math.max(from, keep);
    final int behindKept = Math.min(to, last);
    if (firstKept >= behindKept) {
      rewrite.removeLine(line);
      return;
    }
    if (firstKept > from) {
      rewrite.splice().delete(request.valueStart(line), values.start(firstKept));
    }
    if (behindKept < to) {
      rewrite.splice().delete(values.end(behindKept - 1), request.valueEnd(line));
    }
  }
}
