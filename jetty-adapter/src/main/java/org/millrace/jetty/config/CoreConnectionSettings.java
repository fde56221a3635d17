package org.millrace.jetty.config;

import java.time.Duration;

/** Reads a {@code connection} section of a core socket or an upstream. */
final class CoreConnectionSettings {
  private static final int LEAST_MESSAGE = 1024;
  private static final int LARGEST_MESSAGE = 1 << 24;
  private static final int LARGEST_QUEUE = 1 << 29;
  private static final Duration LEAST_KEEP_ALIVE = Duration.ofSeconds(1);

  private CoreConnectionSettings() {}

  static CoreConnectionConfig read(Section section) {
    final CoreConnectionConfig connection =
        new CoreConnectionConfig(
            section.duration("keep-alive", LEAST_KEEP_ALIVE, Limits.LONGEST),
            section.duration("keep-alive-answer", LEAST_KEEP_ALIVE, Limits.LONGEST),
            section.intSize("max-message-size", LEAST_MESSAGE, LARGEST_MESSAGE),
            section.bool("accept-without-length"),
            section.duration("send-timeout", Limits.TICK, Limits.LONGEST),
            section.intSize("send-queue", LEAST_MESSAGE, LARGEST_QUEUE));
    section.close();
    section.requireBoth(
        connection.sendQueue() >= connection.maxMessageSize(),
        "send-queue",
        "max-message-size",
        "send-queue = "
            + Units.of(connection.sendQueue())
            + " must not be below max-message-size = "
            + Units.of(connection.maxMessageSize()));
    return connection;
  }
}
