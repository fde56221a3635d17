package org.millrace.jetty.handshake;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a handshake that is refused.
 *
 * @param status 0 for closing without an answer.
 * @param fields beside those that every refusal has.
 * @param detail for the log: what the client sent that was wrong, or empty.
 */
record Refusal(
    int status, RefusalReason reason, List<RequestHead.Field> fields, Optional<String> detail)
    implements Decision {

  Refusal(int status, RefusalReason reason) {
    this(status, reason, List.of(), Optional.empty());
  }

  Refusal(int status, RefusalReason reason, List<RequestHead.Field> fields) {
    this(status, reason, fields, Optional.empty());
  }

  Refusal because(String what) {
    return new Refusal(status, reason, fields, Optional.of(what));
  }

  Refusal as(int otherStatus, List<RequestHead.Field> otherFields) {
    return new Refusal(otherStatus, reason, otherFields, detail);
  }
}
