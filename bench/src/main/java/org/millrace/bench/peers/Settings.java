package org.millrace.bench.peers;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How much of everything. What is not given depends on whether it is to be quick. */
final class Settings {
  static final int PAYLOAD = 512;
  static final int OUTSTANDING = 16;

  /** Connections that come and go at the same time. */
  static final int AT_A_TIME = 16;

  /** Rounds with idle connections: memory hardly differs from one to the next. */
  static final int IDLE_ROUNDS = 2;

  private static final Duration IDLE_WARM_UP = Duration.ofSeconds(3);

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
          "Seconds of CPU that warm each server up before the rounds: with messages and with"
              + " handshakes, over ws and over wss (default: 5; quick: 1).")
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
      description = "Idle connections (default: 2000; quick: 100).")
  private Integer idle;

  int rounds() {
    return choose(rounds, 3, 1);
  }

  Duration turn() {
    return Duration.ofSeconds(choose(seconds, 2, 1));
  }

  Duration warmUp() {
    return Duration.ofSeconds(choose(warmUp, 5, 1));
  }

  /** For a server that is to hold idle connections: until it grows by them and not by its code. */
  Duration idleWarmUp() {
    return warmUp().compareTo(IDLE_WARM_UP) < 0 ? warmUp() : IDLE_WARM_UP;
  }

  int connections() {
    return connections;
  }

  int rate() {
    return rate;
  }

  int idle() {
    return choose(idle, 2_000, 100);
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
