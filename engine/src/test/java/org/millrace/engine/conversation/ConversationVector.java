package org.millrace.engine.conversation;

import java.time.Duration;
import java.util.List;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.harness.RecordingHandler.Received;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.reference.Bytes;

/**
 * A conversation of the specification, cut into steps where something becomes known.
 *
 * @param silence how long nothing happens after the last step; zero if the peer ends its direction.
 */
record ConversationVector(
    String id,
    String name,
    ConnectionContext context,
    List<Step> steps,
    Duration silence,
    Ending ending) {

  /** What this side does on its own account. */
  @FunctionalInterface
  interface Action {
    void act(TestEngine engine, Connection connection);
  }

  /**
   * Bytes that arrive, or something that this side does, and what comes of it at once: not before
   * the last of the bytes, and not only after the next one.
   *
   * @param action null if bytes arrive.
   */
  record Step(Bytes in, Action action, List<Received> messages, Bytes out) {}

  /** How many bytes arrive in the whole conversation. */
  int length() {
    return steps.stream().mapToInt(step -> step.in().length()).sum();
  }

  /** What has been written once the first {@code count} steps are done. */
  Bytes writtenAfter(int count) {
    return Bytes.concat(steps.stream().limit(count).map(Step::out).toList());
  }

  /** What has been delivered once the first {@code count} steps are done. */
  List<Received> deliveredAfter(int count) {
    return steps.stream().limit(count).flatMap(step -> step.messages().stream()).toList();
  }

  @Override
  public String toString() {
    return id + " " + name;
  }
}
