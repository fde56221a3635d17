package org.millrace.bench.endtoend;

import java.util.Locale;

/** What is measured of every peer. */
enum Mode {
  /** Many messages under way on each connection. */
  BATCHED("16 outstanding", "CPU us/message"),
  /** One message under way on each connection. */
  SINGLE("1 outstanding", "CPU us/message"),
  /** Connections that come and go. */
  HANDSHAKE("handshake", "CPU us each"),
  /** Connections that do nothing. */
  IDLE("idle", "heap B each");

  private final String title;
  private final String unit;

  Mode(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
