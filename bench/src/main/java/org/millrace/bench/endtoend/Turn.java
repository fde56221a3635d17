package org.millrace.bench.endtoend;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.millrace.bench.load.EchoLoad;
import org.millrace.bench.load.HandshakeLoad;
import org.millrace.bench.load.IdleLoad;
import org.millrace.bench.peer.PeerProcess;

/** One peer's turn: loads it and reads what that cost. */
record Turn(Settings settings, PeerProcess peer) {
  private static final double NS_PER_US = 1e3;

  /** Until the connections are all in use and the caches hold this peer. */
  private static final Duration RUN_UP = Duration.ofMillis(500);

  /** Until the server has noticed that connections are gone. */
  private static final long SETTLE_MS = 500;

  /** What a process needs besides the descriptors of its connections. */
  private static final int SPARE_DESCRIPTORS = 500;

  /** Until the server has used its share of CPU: on a busy machine that takes longer. */
  void warmUp(Mode mode) throws IOException {
    if (mode == Mode.IDLE) {
      idle().close(); // pools and tables have their size then
      return;
    }
    final Duration enough = peer.cpu().plus(settings.warmUp());
    while (peer.cpu().compareTo(enough) < 0) {
      measure(mode);
    }
  }

  /** In the mode's unit. */
  double measure(Mode mode) throws IOException {
    return switch (mode) {
      case BATCHED -> cpuPerMessage(Settings.OUTSTANDING);
      case SINGLE -> cpuPerMessage(1);
      case HANDSHAKE -> cpuPerHandshake();
      case IDLE -> heapPerConnection();
    };
  }

  private double cpuPerMessage(int outstanding) throws IOException {
    try (EchoLoad load = load(outstanding)) {
      load.run(RUN_UP);
      final Duration before = peer.cpu();
      final long messages = load.run(settings.turn());
      return peer.cpu().minus(before).toNanos() / NS_PER_US / messages;
    }
  }

  private EchoLoad load(int outstanding) throws IOException {
    return new EchoLoad(peer.address(), settings.connections(), outstanding, Settings.PAYLOAD);
  }

  private double cpuPerHandshake() throws IOException {
    final Duration before = peer.cpu();
    new HandshakeLoad(peer.address(), Settings.AT_A_TIME).run(settings.handshakes());
    return peer.cpu().minus(before).toNanos() / NS_PER_US / settings.handshakes();
  }

  private double heapPerConnection() throws IOException {
    settle();
    final long before = peer.heapInUse().orElseThrow();
    try (IdleLoad idle = idle()) {
      settle();
      return (double) (peer.heapInUse().orElseThrow() - before) / idle.connections();
    }
  }

  private IdleLoad idle() throws IOException {
    return new IdleLoad(peer.address(), settings.idle(), Settings.PAYLOAD);
  }

  private static void settle() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** How many connections this process, and each peer, may have. */
  static long mostConnections(long descriptors) {
    return descriptors - SPARE_DESCRIPTORS;
  }
}
