package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.Violation;

/**
 * The last answer on a stream of the core's: to the request behind which nothing can be understood
 * any more (C-66). One instance a shard, called by its thread.
 */
final class StreamRefusal {
  private static final int BAD_REQUEST = 400;
  private static final int REQUEST_ENTITY_TOO_LARGE = 413;
  private static final byte[] TOO_LARGE = Octets.ascii("Request Entity Too Large");
  private static final byte[] MISSING_LENGTH = Octets.ascii("Missing Content-Length");
  private static final byte[] BAD_LENGTH = Octets.ascii("Bad Content-Length");

  private final SipMessage message;
  private final Responder responder;
  private final SipCounters counters;

  /**
   * @param message scratch space.
   */
  StreamRefusal(SipMessage message, Responder responder, SipCounters counters) {
    this.message = message;
    this.responder = responder;
    this.counters = counters;
  }

  /**
   * As {@link MessageHandler#onMalformed}. A response is never answered, nor is an ACK, nor what is
   * not recognisable as a request with all that an answer needs.
   *
   * @return whether there is an answer.
   */
  boolean answer(
      Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {
    final SipDefect defect = message.parse(buffer, offset, length);
    if (defect == SipDefect.NOT_SIP) {
      counters.increment(SipCounter.BAD_MESSAGES);
      return false;
    }
    if (!message.isRequest()) {
      counters.increment(SipCounter.RESPONSES);
      counters.increment(SipCounter.MALFORMED_RESPONSES);
      return false;
    }
    counters.increment(SipCounter.REQUESTS);
    counters.increment(SipCounter.MALFORMED_REQUESTS);
    // Of a header section without end there may be more Vias to come.
    if (!message.isAnswerable() || violation == Violation.HEADERS_TOO_LONG) {
      return false;
    }
    switch (violation) {
      case MESSAGE_TOO_BIG ->
          responder.answer(connection.id(), message, REQUEST_ENTITY_TOO_LARGE, TOO_LARGE);
      case LENGTH_MISSING ->
          responder.answer(connection.id(), message, BAD_REQUEST, MISSING_LENGTH);
      default -> responder.answer(connection.id(), message, BAD_REQUEST, BAD_LENGTH);
    }
    return true;
  }
}
