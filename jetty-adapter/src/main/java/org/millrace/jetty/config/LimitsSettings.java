package org.millrace.jetty.config;

import java.time.Duration;
import org.millrace.engine.sip.SipMessage;

/** Reads the sections of limits. */
final class LimitsSettings {
  private static final int MOST_CONNECTIONS = 1 << 24;
  private static final int MOST_RATE = 1_000_000;
  private static final int LEAST_SIP_HEADERS = 1024;
  private static final int LEAST_LINE = 256;
  private static final int LARGEST_HEAD = 1 << 20;
  private static final int IPV6_BITS = 128;

  private LimitsSettings() {}

  static LimitsConfig limits(Section section) {
    final LimitsConfig limits =
        new LimitsConfig(
            section.integer("connections", 1, MOST_CONNECTIONS),
            section.integer("connections-per-address", 0, MOST_CONNECTIONS),
            section.integer("handshakes-per-second", 0, MOST_RATE),
            section.integer("handshake-burst", 1, MOST_RATE),
            section.integer("handshakes-per-second-per-address", 0, MOST_RATE),
            section.integer("handshake-burst-per-address", 1, MOST_RATE),
            section.integer("ipv6-prefix-length", 1, IPV6_BITS),
            section.integer("addresses", 1, MOST_CONNECTIONS),
            section.duration("retry-after", Duration.ofSeconds(1), Duration.ofDays(1)));
    section.close();
    section.require(
        limits.retryAfter().toNanosPart() == 0,
        "retry-after",
        "must be whole seconds: the header has no smaller unit");
    return limits;
  }

  static HandshakeConfig handshake(Section section) {
    final HandshakeConfig handshake =
        new HandshakeConfig(
            section.duration("timeout", Duration.ofMillis(10), Duration.ofHours(1)),
            section.intSize("max-request-line", LEAST_LINE, LARGEST_HEAD),
            section.intSize("max-head", LEAST_LINE, LARGEST_HEAD),
            section.integer("max-fields", 8, 10_000),
            section.intSize("max-pipelined", 0, LARGEST_HEAD),
            section.duration("first-frame-delay", Duration.ZERO, Duration.ofMinutes(1)),
            section.duration("linger-timeout", Limits.TICK, Duration.ofMinutes(1)));
    section.close();
    section.requireBoth(
        handshake.maxRequestLine() <= handshake.maxHead(),
        "max-request-line",
        "max-head",
        "max-request-line = "
            + Units.of(handshake.maxRequestLine())
            + " must not be above max-head = "
            + Units.of(handshake.maxHead())
            + ", which includes it");
    return handshake;
  }

  static SipConfig sip(Section section) {
    final SipConfig sip =
        new SipConfig(
            section.integer("max-bad-messages", 1, MOST_RATE),
            section.integer("max-headers", 16, SipMessage.MAX_HEADERS),
            section.intSize("max-header-size", LEAST_SIP_HEADERS, SipMessage.MAX_HEADER_BYTES),
            section.integer("max-request-rate", 0, MOST_RATE),
            section.integer("request-burst", 1, MOST_RATE),
            section.integer("max-refused-requests", 0, MOST_RATE));
    section.close();
    return sip;
  }

  static DrainConfig drain(Section section) {
    final DrainConfig drain =
        new DrainConfig(
            section.duration("grace", Duration.ZERO, Duration.ofDays(1)),
            section.duration("duration", Duration.ZERO, Duration.ofDays(1)),
            section.duration("timeout", Limits.TICK, Duration.ofDays(7)));
    section.close();
    section.requireBoth(
        drain.timeout().compareTo(drain.grace().plus(drain.duration())) >= 0,
        "timeout",
        "duration",
        "timeout = "
            + Units.of(drain.timeout())
            + " must not be below grace + duration = "
            + Units.of(drain.grace().plus(drain.duration())));
    return drain;
  }
}
