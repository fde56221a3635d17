package org.millrace.bench.peers;

import java.util.Locale;

/** How servers are tried. */
enum Mode {
  /** Many messages under way on each connection, as fast as answers come. */
  THROUGHPUT("Throughput: messages as fast as answers come"),
  /** A fixed rate that the server has no say in. */
  LATENCY("Latency at a fixed rate, from the time at which a message was to be sent"),
  /** Connections that come and go. */
  HANDSHAKE("Connections that come and go"),
  /** Connections that do nothing. */
  IDLE("Memory of an idle connection");

  private final String title;

  Mode(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
