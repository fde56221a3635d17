package org.millrace.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Meter;
import org.millrace.bench.load.client.Network;

/** Opens connections before the messages begin. */
final class Opening {
  /** So many begin at once if no rate is given: a server's queue of new ones takes them. */
  private static final int AT_A_TIME = 100;

  /** So many that fail before one is open tell that none will. */
  private static final int HOPELESS = 10;

  private static final long PATIENCE_NS = 30_000_000_000L;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final double NS = 1e9;

  private final Network network;
  private final Meter meter;
  private final double rate;

  /**
   * Opens them.
   *
   * @param rate begun a second; 0 for as many as are answered.
   */
  Opening(Network network, Meter meter, double rate) {
    this.network = network;
    this.meter = meter;
    this.rate = rate;
  }

  /**
   * Opens one for each conversation of a script, and waits until all can begin.
   *
   * @throws LoadException if none can be opened, or they are not ready to begin.
   */
  void open(Script script, Consumer<String> progress) throws IOException {
    final List<? extends Conversation> conversations = script.conversations();
    meter.start();
    open(conversations, progress);
    final long allOpenNs = meter.tick();
    while (!script.isReady()) {
      network.flush();
      network.poll(SECOND_NS);
      if (meter.tick() - allOpenNs > PATIENCE_NS) {
        throw new LoadException(
            "the server did not answer all users' REGISTER within 30 s"
                + " (of "
                + conversations.size()
                + " connections "
                + network.open()
                + " are open)");
      }
    }
  }

  private void open(List<? extends Conversation> conversations, Consumer<String> progress)
      throws IOException {
    long secondNs = SECOND_NS;
    int begun = 0;
    while (network.open() + network.failed() < conversations.size()) {
      final long nowNs = meter.tick();
      while (begun < conversations.size() && isDue(begun, nowNs)) {
        network.begin(conversations.get(begun), rate > 0 ? (long) (begun * (NS / rate)) : nowNs);
        begun++;
      }
      network.flush();
      network.poll(rate > 0 ? (long) (begun * (NS / rate)) - nowNs : SECOND_NS);
      if (network.open() == 0 && network.failed() >= Math.min(HOPELESS, conversations.size())) {
        throw new LoadException(network.firstFailure());
      }
      if (nowNs >= secondNs) {
        network.giveUp(nowNs - PATIENCE_NS);
        progress.accept(
            String.format(
                Locale.ROOT, "connecting: %d of %d open", network.open(), conversations.size()));
        secondNs += SECOND_NS;
      }
    }
  }

  private boolean isDue(int number, long nowNs) {
    if (rate > 0) {
      return nowNs >= number * (NS / rate);
    }
    // The first alone: what this JVM loads for it would else count in the times of all others.
    return network.opening() < (network.open() == 0 ? 1 : AT_A_TIME);
  }
}
