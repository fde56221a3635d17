package org.millrace.engine.sip;

/**
 * The edits that forwarding makes to any message (RFC 3261 sections 16.6 and 16.7), put into a
 * splice. One message at a time; one instance a forwarder.
 */
final class Rewrite {
  private static final int DEFAULT_MAX_FORWARDS = 70;
  private static final byte[] MAX_FORWARDS = Octets.ascii("Max-Forwards: ");
  private static final byte[] CONTENT_LENGTH = Octets.ascii("Content-Length: ");

  private final Splice splice = new Splice();
  private final ViaValue next = new ViaValue();
  private SipMessage message;

  Rewrite begin(SipMessage newMessage) {
    message = newMessage;
    splice.begin();
    return this;
  }

  Splice splice() {
    return splice;
  }

  /** Where our Via line goes. */
  SipWriter aboveVias() {
    return splice.insert(message.lineStart(message.header(HeaderName.VIA)));
  }

  /** Where a line goes that must be above all others of its name. */
  SipWriter above(int id) {
    final int behindVias = viaBlockEnd();
    final int first = message.header(id);
    return splice.insert(first < 0 ? behindVias : Math.min(behindVias, message.lineStart(first)));
  }

  /** Behind the topmost Via lines, as far as no other line is between them. */
  private int viaBlockEnd() {
    int index = message.header(HeaderName.VIA);
    while (index + 1 < message.headerCount() && message.id(index + 1) == HeaderName.VIA) {
      index++;
    }
    return message.lineEnd(index);
  }

  /** Where a line goes whose place does not matter. */
  SipWriter atEnd() {
    return splice.insert(message.headerEnd());
  }

  /** C-8. */
  void hops() {
    final int index = message.header(HeaderName.MAX_FORWARDS);
    if (index < 0) {
      splice
          .insert(viaBlockEnd())
          .put(MAX_FORWARDS)
          .putDecimal(DEFAULT_MAX_FORWARDS)
          .put(Responder.CRLF);
    } else {
      splice
          .replace(message.valueStart(index), message.valueEnd(index))
          .putDecimal(message.maxForwards() - 1);
    }
  }

  void remove(int id) {
    for (int i = message.header(id); i >= 0; i = message.nextHeader(i)) {
      removeLine(i);
    }
  }

  void removeLine(int index) {
    splice.delete(message.lineStart(index), message.lineEnd(index));
  }

  /** B-3: whoever is behind may need it. */
  void contentLength() {
    if (!message.has(HeaderName.CONTENT_LENGTH)) {
      atEnd().put(CONTENT_LENGTH).putDecimal(message.bodyLength()).put(Responder.CRLF);
    }
  }

  /** The Via below the topmost one, or null if there is none that is well-formed. */
  ViaValue nextVia(SipMessage response) {
    final int top = response.header(HeaderName.VIA);
    final byte[] buffer = response.text();
    final boolean found;
    if (response.topVia().next() >= 0) {
      found = next.parse(buffer, response.topVia().next(), response.valueEnd(top));
    } else {
      final int line = response.nextHeader(top);
      found = line >= 0 && next.parse(buffer, response.valueStart(line), response.valueEnd(line));
    }
    return found ? next : null;
  }

  /** Removes the topmost Via, above the one that {@link #nextVia} has just found. */
  void popVia() {
    final int top = message.header(HeaderName.VIA);
    if (message.topVia().next() >= 0) {
      splice.delete(message.valueStart(top), next.start());
    } else {
      removeLine(top);
    }
  }

  /** The message with the edits; valid until the next begins. */
  SipWriter apply() {
    return splice.apply(message.text(), message.offset(), message.end());
  }
}
