package org.millrace.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is read off a trial. */
enum Figure {
  MESSAGES(Mode.THROUGHPUT, "messages/s", true),
  MESSAGE_CPU(Mode.THROUGHPUT, "server CPU us/message", false),
  P50(Mode.LATENCY, "p50 us", false),
  P99(Mode.LATENCY, "p99 us", false),
  P999(Mode.LATENCY, "p99.9 us", false),
  PACED_CPU(Mode.LATENCY, "server CPU us/message", false),
  HANDSHAKES(Mode.HANDSHAKE, "handshakes/s", true),
  HANDSHAKE_CPU(Mode.HANDSHAKE, "server CPU us/handshake", false),
  HEAP(Mode.IDLE, "heap KiB", false),
  RESIDENT(Mode.IDLE, "resident KiB", false);

  private final Mode mode;
  private final String unit;
  private final boolean moreIsBetter;

  Figure(Mode mode, String unit, boolean moreIsBetter) {
    this.mode = mode;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
  }

  Mode mode() {
    return mode;
  }

  String unit() {
    return unit;
  }

  boolean moreIsBetter() {
    return moreIsBetter;
  }

  static List<Figure> of(Mode mode) {
    return Stream.of(values()).filter(figure -> figure.mode == mode).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
