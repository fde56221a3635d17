package org.millrace.engine.connection;

/**
 * What became of a message given to send. Expected outcomes, hence codes and no exceptions:
 * negative means that the message was not accepted.
 */
public final class SendResult {
  /** Accepted. */
  public static final int SENT = 0;

  /** Accepted, but the queue is over its high mark: hold back what can wait. */
  public static final int CONGESTED = 1;

  /** Not accepted: no room in the ring or in the buffer pool at this moment. Try again later. */
  public static final int BACK_PRESSURED = -1;

  /** Not accepted: the connection is not open, or there is none with that id. */
  public static final int NOT_OPEN = -2;

  /** Not accepted: longer than the ring or the send queue could ever take. */
  public static final int TOO_LONG = -3;

  /** Not accepted: the queue was at its hard limit, and the connection has been closed for it. */
  public static final int SLOW_CONSUMER = -4;

  private SendResult() {}

  public static boolean isAccepted(int result) {
    return result >= 0;
  }
}
