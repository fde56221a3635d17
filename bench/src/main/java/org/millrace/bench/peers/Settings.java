package org.millrace.bench.peers;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How much of everything. What is not given depends on whether it is to be quick. */
final class Settings {
  static final int PAYLOAD = 512;
  static final int OUTSTANDING = 16;

  /** Connections that come and go at the same time. */
  static final int AT_A_TIME = 16;

  @Option(
      names = "--quick",
      description = {
        "One short round with little warm-up: shows that all works, and orders of magnitude. What",
        "is given by other options stays."
      })
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds, in each of which every peer has its turn (default: 3; quick: 1).")
  private Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Time of a turn (default: 2; quick: 1).")
  private Integer seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Seconds that each peer is kept busy before the rounds: with messages and with handshakes,"
              + " over ws and over wss (default: 4; quick: 1).")
  private Integer warmUp;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections that carry messages (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Messages a second in mode latency (default: ${DEFAULT-VALUE}).")
  private int rate = 5_000;

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "Idle connections (default: 1000; quick: 100).")
  private Integer idle;

  int rounds() {
    return choose(rounds, 3, 1);
  }

  Duration turn() {
    return Duration.ofSeconds(choose(seconds, 2, 1));
  }

  Duration warmUp() {
    return Duration.ofSeconds(choose(warmUp, 4, 1));
  }

  int connections() {
    return connections;
  }

  int rate() {
    return rate;
  }

  int idle() {
    return choose(idle, 1_000, 100);
  }

  private int choose(Integer given, int full, int ifQuick) {
    if (given != null) {
      return given;
    }
    return quick ? ifQuick : full;
  }

  /** What is wrong with it, with the way out; empty if nothing. */
  String complaint() {
    if (rounds() < 1 || turn().isZero() || turn().isNegative() || warmUp().isNegative()) {
      return "--rounds and --seconds: one at least; --warm-up: from 0 on";
    }
    if (connections < 1 || rate < 1 || idle() < 1) {
      return "--connections, --rate and --idle: one at least";
    }
    return "";
  }
}
