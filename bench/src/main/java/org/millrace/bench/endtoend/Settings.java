package org.millrace.bench.endtoend;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How much of everything. */
final class Settings {
  static final int PAYLOAD = 512;
  static final int OUTSTANDING = 16;

  /** Connections that come and go at the same time. */
  static final int AT_A_TIME = 16;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections that echo (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds, in each of which every peer has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Time of a turn (default: ${DEFAULT-VALUE}).")
  private int seconds = 3;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Seconds of CPU that warm a server up for a mode (default: ${DEFAULT-VALUE}).")
  private int warmUp = 15;

  @Option(
      names = "--handshakes",
      paramLabel = "N",
      description = "Handshakes of a turn (default: ${DEFAULT-VALUE}).")
  private int handshakes = 5_000;

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "Idle connections (default: ${DEFAULT-VALUE}).")
  private int idle = 5_000;

  int connections() {
    return connections;
  }

  int rounds() {
    return rounds;
  }

  Duration turn() {
    return Duration.ofSeconds(seconds);
  }

  Duration warmUp() {
    return Duration.ofSeconds(warmUp);
  }

  int handshakes() {
    return handshakes;
  }

  int idle() {
    return idle;
  }
}
