package org.millrace.engine.sip;

/** The Route values of a request in their order, as offsets into it. One instance a router. */
final class RouteValues {
  /** A request with more is malformed. */
  static final int MOST = 64;

  private final NameAddr value = new NameAddr();
  private final int[] headers = new int[MOST];
  private final int[] starts = new int[MOST];
  private final int[] ends = new int[MOST];
  private final int[] uriOffsets = new int[MOST];
  private final int[] uriLengths = new int[MOST];
  private int count;

  /** Reads them all; false if one is none, or there are too many. */
  boolean read(SipMessage request) {
    count = 0;
    for (int i = request.header(HeaderName.ROUTE); i >= 0; i = request.nextHeader(i)) {
      int at = request.valueStart(i);
      while (at >= 0) {
        if (count == MOST || !value.parse(request.text(), at, request.valueEnd(i))) {
          return false;
        }
        headers[count] = i;
        starts[count] = value.start();
        ends[count] = value.end();
        uriOffsets[count] = value.uriOffset();
        uriLengths[count++] = value.uriLength();
        at = value.next();
      }
    }
    return true;
  }

  int count() {
    return count;
  }

  /** The index of the header field that has it. */
  int header(int index) {
    return headers[index];
  }

  int start(int index) {
    return starts[index];
  }

  /** Behind its last parameter. */
  int end(int index) {
    return ends[index];
  }

  int uriOffset(int index) {
    return uriOffsets[index];
  }

  int uriLength(int index) {
    return uriLengths[index];
  }
}
