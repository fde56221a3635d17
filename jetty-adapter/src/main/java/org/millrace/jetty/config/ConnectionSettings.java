package org.millrace.jetty.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.engine.connection.CloseReply;
import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.frame.Role;
import org.millrace.engine.status.SubProtocol;

/** Reads a {@code connection} section; its keys are the settings of {@link ConnectionContext}. */
final class ConnectionSettings {
  private static final int MAX_CONTROL_PAYLOAD = 125;
  private static final int LARGEST_MESSAGE = 1 << 30;
  private static final int LEAST_QUEUE = 256;
  private static final int LARGEST_QUEUE = 1 << 29;
  private static final double MOST_JITTER = 0.5;
  private static final Duration LEAST_KEEP_ALIVE = Duration.ofMillis(10);

  private final Section section;
  private final List<Consumer<ConnectionContext>> settings = new ArrayList<>();

  private ConnectionSettings(Section section) {
    this.section = section;
  }

  static ConnectionSettings read(Section section) {
    final ConnectionSettings settings = new ConnectionSettings(section);
    settings.readMessages();
    settings.readKeepAlive();
    settings.readClosing();
    settings.readSending();
    section.close();
    settings.check();
    return settings;
  }

  /** A new, concluded context for the server's side of a sub-protocol. */
  ConnectionContext context(SubProtocol subProtocol) {
    final ConnectionContext context =
        new ConnectionContext().role(Role.SERVER).subProtocol(subProtocol);
    settings.forEach(setting -> setting.accept(context));
    return context.conclude();
  }

  /** After which a peer that says nothing is taken for gone; empty if it never is. */
  Optional<Duration> liveness() {
    if (section.hasFailed()) {
      return Optional.empty();
    }
    final ConnectionContext context = context(SubProtocol.OTHER);
    return context.keepAliveMechanism() == KeepAliveMechanism.PING
        ? Optional.of(context.keepAliveTimeout().plus(context.pongTimeout()))
        : Optional.empty();
  }

  private void readMessages() {
    final int size = section.intSize("max-message-size", MAX_CONTROL_PAYLOAD, LARGEST_MESSAGE);
    final int frames = section.integer("max-frames-per-message", 1, Integer.MAX_VALUE);
    final int reads = section.integer("max-reads-per-message", 1, Integer.MAX_VALUE);
    final Duration timeout = section.duration("message-timeout", Limits.TICK, Limits.LONGEST);
    final int rate = section.intSize("message-min-rate", 0, Integer.MAX_VALUE);
    final Duration grace =
        section.duration("message-min-rate-grace", Duration.ZERO, Limits.LONGEST);
    final boolean lenientLength = section.bool("lenient-length");
    final boolean tolerateInvalidUtf8 = section.bool("tolerate-invalid-utf8");
    settings.add(
        context ->
            context
                .maxMessageSize(size)
                .maxFramesPerMessage(frames)
                .maxReadsPerMessage(reads)
                .messageTimeout(timeout)
                .messageMinRate(rate)
                .messageMinRateGrace(grace)
                .lenientLength(lenientLength)
                .tolerateInvalidUtf8(tolerateInvalidUtf8));
    section.requireBoth(
        grace.compareTo(timeout) <= 0,
        "message-min-rate-grace",
        "message-timeout",
        "message-min-rate-grace = "
            + Units.of(grace)
            + " must not be longer than message-timeout = "
            + Units.of(timeout));
  }

  private void readKeepAlive() {
    final KeepAliveMechanism mechanism =
        section.choice("keep-alive-mechanism", KeepAliveMechanism.class);
    final Duration timeout =
        section.duration("keep-alive-timeout", LEAST_KEEP_ALIVE, Limits.LONGEST);
    final double jitter = section.fraction("keep-alive-jitter", MOST_JITTER);
    final Duration pongTimeout = section.duration("pong-timeout", LEAST_KEEP_ALIVE, Limits.LONGEST);
    final byte[] data =
        section
            .get(
                "keep-alive-data",
                Kinds.orNull(
                    value -> {
                      final byte[] bytes = Kinds.string(value).getBytes(StandardCharsets.UTF_8);
                      if (bytes.length > MAX_CONTROL_PAYLOAD) {
                        throw new WrongValueException(
                            "must be 1 to "
                                + MAX_CONTROL_PAYLOAD
                                + " bytes, and these are "
                                + bytes.length);
                      }
                      return bytes;
                    }))
            .orElse(null);
    final int pingRate = section.integer("ping-rate", 1, Integer.MAX_VALUE);
    final int pingBurst = section.integer("ping-burst", 1, Integer.MAX_VALUE);
    settings.add(
        context ->
            context
                .keepAliveMechanism(mechanism)
                .keepAliveTimeout(timeout)
                .keepAliveJitter(jitter)
                .pongTimeout(pongTimeout)
                .keepAliveData(data)
                .pingRate(pingRate)
                .pingBurst(pingBurst));
  }

  private void readClosing() {
    final CloseReply reply = section.choice("close-reply", CloseReply.class);
    final Duration close = section.duration("close-timeout", Limits.TICK, Limits.LONGEST);
    final Duration fail = section.duration("fail-timeout", Limits.TICK, Limits.LONGEST);
    final Duration linger = section.duration("linger-timeout", Limits.TICK, Limits.LONGEST);
    final int lingerBytes = section.intSize("linger-bytes", 0, Integer.MAX_VALUE);
    settings.add(
        context ->
            context
                .closeReply(reply)
                .closeTimeout(close)
                .failTimeout(fail)
                .lingerTimeout(linger)
                .lingerBytes(lingerBytes));
  }

  private void readSending() {
    final Duration timeout = section.duration("send-timeout", Limits.TICK, Limits.LONGEST);
    final int highMark = section.intSize("send-queue-high-mark", 1, LARGEST_QUEUE);
    final int hardLimit = section.intSize("send-queue-hard-limit", LEAST_QUEUE, LARGEST_QUEUE);
    final int messages = section.integer("send-queue-max-messages", 1, Integer.MAX_VALUE);
    settings.add(
        context ->
            context
                .sendTimeout(timeout)
                .sendQueueHighMark(highMark)
                .sendQueueHardLimit(hardLimit)
                .sendQueueMaxMessages(messages));
    section.requireBoth(
        highMark <= hardLimit,
        "send-queue-high-mark",
        "send-queue-hard-limit",
        "send-queue-high-mark = "
            + Units.of(highMark)
            + " must not be above send-queue-hard-limit = "
            + Units.of(hardLimit));
  }

  /**
   * The engine has the last word; what it says is about the setting that the key is named after.
   */
  private void check() {
    if (section.hasFailed()) {
      return;
    }
    try {
      context(SubProtocol.OTHER);
    } catch (ConfigurationException e) {
      Limits.report(section, e);
    }
  }
}
