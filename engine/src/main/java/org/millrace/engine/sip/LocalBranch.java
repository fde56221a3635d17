package org.millrace.engine.sip;

import java.util.Locale;
import org.agrona.DirectBuffer;

/** What {@link LocalTransactions} reads of an answer. */
final class LocalBranch {
  private static final byte[] MARK =
      Octets.ascii(LocalTransactions.BRANCH_MARK.toLowerCase(Locale.ROOT));
  private static final byte[] RETRY_AFTER = Octets.ascii("retry-after");
  private static final int LONGEST_SECONDS = 86_400;

  private LocalBranch() {}

  static boolean isMarked(DirectBuffer buffer, int offset, int length) {
    return length > MARK.length
        && Octets.equalIgnoringCase(buffer, offset, MARK.length, MARK);
  }

  /** Seconds, at most a day; -1 if there is no such field, 0 if it is not a number. */
  static int retryAfter(SipMessage response) {
    final DirectBuffer buffer = response.buffer();
    for (int i = 0; i < response.headerCount(); i++) {
      final int start = response.lineStart(i);
      if (response.lineEnd(i) - start > RETRY_AFTER.length
          && Octets.equalIgnoringCase(buffer, start, RETRY_AFTER.length, RETRY_AFTER)
          && !Octets.isToken(buffer.getByte(start + RETRY_AFTER.length))) {
        return seconds(buffer, response.valueStart(i), response.valueEnd(i));
      }
    }
    return -1;
  }

  private static int seconds(DirectBuffer buffer, int start, int end) {
    long value = 0;
    for (int at = start; at < end && Octets.isDigit(buffer.getByte(at)); at++) {
      value = Math.min(LONGEST_SECONDS, 10 * value + buffer.getByte(at) - '0');
    }
    return (int) value;
  }
}
