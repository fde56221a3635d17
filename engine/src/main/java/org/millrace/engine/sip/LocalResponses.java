package org.millrace.engine.sip;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * Hands responses to requests made here to who made them. Any thread; there are few of them, so
 * that they may cost something.
 */
public final class LocalResponses implements OwnResponses {
  private static final byte[] MARK =
      Octets.ascii(LocalTransactions.BRANCH_MARK.toLowerCase(Locale.ROOT));
  private static final byte[] RETRY_AFTER = Octets.ascii("retry-after");
  private static final int LONGEST_BRANCH = 64;
  private static final int LONGEST_SECONDS = 86_400;
  private static final ThreadLocal<SipMessage> MESSAGE = ThreadLocal.withInitial(SipMessage::new);

  private final LocalTransactions transactions;

  public LocalResponses(LocalTransactions transactions) {
    this.transactions = Objects.requireNonNull(transactions, "transactions");
  }

  @Override
  public boolean onResponse(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    final SipMessage response = MESSAGE.get();
    if (response.parse(buffer, offset, length) != SipDefect.NONE || response.isRequest()) {
      return false;
    }
    final ViaValue via = response.topVia();
    final int branchLength = via.branchLength();
    if (branchLength <= MARK.length
        || branchLength > LONGEST_BRANCH
        || !Octets.equalIgnoringCase(response.text(), via.branchOffset(), MARK.length, MARK)) {
      return false;
    }
    final String branch =
        new String(response.text(), via.branchOffset(), branchLength, StandardCharsets.US_ASCII);
    transactions.onResponse(branch, response.status(), retryAfter(response));
    return true;
  }

  /** Seconds, at most a day; -1 if there is no such field, 0 if it is not a number. */
  private static int retryAfter(SipMessage response) {
    final byte[] buffer = response.text();
    for (int i = 0; i < response.headerCount(); i++) {
      final int start = response.lineStart(i);
      if (response.lineEnd(i) - start > RETRY_AFTER.length
          && Octets.equalIgnoringCase(buffer, start, RETRY_AFTER.length, RETRY_AFTER)
          && !Octets.isToken(buffer[start + RETRY_AFTER.length])) {
        return seconds(buffer, response.valueStart(i), response.valueEnd(i));
      }
    }
    return -1;
  }

  private static int seconds(byte[] buffer, int start, int end) {
    long value = 0;
    for (int at = start; at < end && Octets.isDigit(buffer[at]); at++) {
      value = Math.min(LONGEST_SECONDS, 10 * value + buffer[at] - '0');
    }
    return (int) value;
  }
}
