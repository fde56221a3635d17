package org.millrace.jetty.admin;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.agrona.collections.LongArrayList;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionState;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.config.DrainConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties an edge without letting all of its clients come back at once: readiness off and
 * handshakes refused; a grace, for load balancers to notice; then a Close with 1001 to every
 * connection, spread over a time; then a wait until the last is gone.
 *
 * <p>Until the closes begin it can be taken back, and when it is over, by which time there is
 * nothing left to be taken back. Any thread; what takes time is done on the {@link DrainTimer}.
 */
public final class Drain {
  /** How far it has come. */
  public enum Phase {
    IDLE,
    GRACE,
    CLOSING,
    WAITING,
    DONE
  }

  /** How it ended. */
  public enum Outcome {
    /** No connection is left. */
    EMPTY,
    TIMED_OUT,
    /** It was taken back before the closes began. */
    UNDRAINED
  }

  /**
   * Where it stands.
   *
   * @param connections open still.
   * @param closesLeft connections that have not been told yet; 0 before the closes begin.
   */
  public record Status(Phase phase, long connections, int closesLeft) {}

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private static final int SLOTS_PER_VISIT = 4_096;
  private static final long MIN_TICK_NS = 10_000_000L;
  private static final long POLL_NS = 100_000_000L;

  /** While waiting, every so many polls connections that came late are looked for. */
  private static final int POLLS_PER_SWEEP = 10;

  private final Engine engine;
  private final AdmissionSwitch admission;
  private final DrainConfig config;
  private final DrainTimer timer;
  private final RandomGenerator random;
  private final Predicate<Connection> isClient;
  private final IntSupplier others;

  private Phase phase = Phase.IDLE;
  private CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  /** Steps of a drain that has ended do nothing: each knows which one it belongs to. */
  private int round;

  private double intervalNs;
  private Pace pace;

  /**
   * @param config sensible: its timeout is not shorter than grace and duration together.
   * @param random for the order and the moments of the closes.
   */
  public Drain(
      Engine engine,
      AdmissionSwitch admission,
      DrainConfig config,
      DrainTimer timer,
      RandomGenerator random) {
    this(engine, admission, config, timer, random, connection -> true, () -> 0);
  }

  /**
   * With connections that are none of clients: they stay, for the last messages of clients.
   *
   * @param isClient which ones are drained; called on their shards.
   * @param others how many are open that are not.
   */
  public Drain(
      Engine engine,
      AdmissionSwitch admission,
      DrainConfig config,
      DrainTimer timer,
      RandomGenerator random,
      Predicate<Connection> isClient,
      IntSupplier others) {
    this.engine = engine;
    this.admission = admission;
    this.config = config;
    this.timer = timer;
    this.random = random;
    this.isClient = isClient;
    this.others = others;
  }

  /**
   * Begins, unless it has begun already.
   *
   * @return completed on the timer's thread when it has ended.
   */
  public synchronized CompletableFuture<Outcome> drain() {
    if (phase == Phase.IDLE) {
      final int mine = ++round;
      phase = Phase.GRACE;
      outcome = new CompletableFuture<>();
      intervalNs = Double.NaN;
      admission.drain();
      LOG.info("drain: begun, closes in {}", config.grace());
      timer.schedule(() -> beginCloses(mine), config.grace().toNanos());
      timer.schedule(() -> end(mine, Outcome.TIMED_OUT), config.timeout().toNanos());
    }
    return outcome.copy();
  }

  /**
   * Takes it back: handshakes are let in again.
   *
   * @return false if connections are being closed; then it goes on.
   */
  public synchronized boolean undrain() {
    if (phase == Phase.CLOSING || phase == Phase.WAITING) {
      return false;
    }
    if (phase == Phase.GRACE) {
      end(round, Outcome.UNDRAINED);
    }
    phase = Phase.IDLE;
    admission.undrain();
    return true;
  }

  public synchronized Status status() {
    return new Status(phase, clients(), pace == null ? 0 : pace.left());
  }

  private long clients() {
    return Math.max(0, engine.counter(EngineCounter.CURRENT_CONNECTIONS) - others.getAsInt());
  }

  private synchronized void beginCloses(int mine) {
    if (isRunning(mine)) {
      phase = Phase.CLOSING;
      gather(mine, 0, 0, new LongArrayList());
    }
  }

  private boolean isRunning(int mine) {
    return mine == round && phase != Phase.DONE && phase != Phase.IDLE;
  }

  /** Notes the open connections of one shard after another, a part of its table at a time. */
  @SuppressWarnings("FutureReturnValueIgnored") // whatever goes wrong comes to onGathered
  private void gather(int mine, int shard, int slot, LongArrayList ids) {
    engine
        .visit(shard, slot, SLOTS_PER_VISIT, connection -> note(connection, ids))
        .whenCompleteAsync((next, error) -> onGathered(mine, shard, next, ids, error), timer);
  }

  private void note(Connection connection, LongArrayList ids) {
    if (connection.state() == ConnectionState.OPEN && isClient.test(connection)) {
      ids.addLong(connection.id());
    }
  }

  private synchronized void onGathered(
      int mine, int shard, Integer nextSlot, LongArrayList ids, Throwable error) {
    if (error != null) {
      LOG.error("drain: connections of shard {} could not be listed", shard, error);
    }
    if (!isRunning(mine)) {
      return;
    }
    if (error == null && nextSlot >= 0) {
      gather(mine, shard, nextSlot, ids);
    } else if (shard + 1 < engine.context().shards()) {
      gather(mine, shard + 1, 0, ids);
    } else {
      beginPace(mine, ids);
    }
  }

  private void beginPace(int mine, LongArrayList ids) {
    if (ids.isEmpty()) {
      intervalNs = MIN_TICK_NS;
      phase = Phase.WAITING;
      await(mine, 1);
      return;
    }
    // Those that came while others were closed do not get the whole time once more.
    intervalNs =
        Double.isNaN(intervalNs)
            ? (double) config.duration().toNanos() / ids.size()
            : Math.min(intervalNs, MIN_TICK_NS);
    phase = Phase.CLOSING;
    LOG.info("drain: closing {} connections", ids.size());
    pace = new Pace(ids, random, timer.nowNs(), intervalNs);
    scheduleClose(mine);
  }

  private void scheduleClose(int mine) {
    timer.schedule(() -> closeDue(mine), Math.max(MIN_TICK_NS, pace.nextDueNs() - timer.nowNs()));
  }

  /**
   * Closes those that are due; after a pause of this machine no more at once than twice as many.
   */
  private synchronized void closeDue(int mine) {
    if (!isRunning(mine)) {
      return;
    }
    final long nowNs = timer.nowNs();
    final int most = (int) Math.ceil(Math.max(1, 2 * MIN_TICK_NS / Math.max(1, intervalNs)));
    for (int i = 0; i < most && !pace.isDone() && pace.nextDueNs() <= nowNs; i++) {
      engine.close(pace.take(), CloseCode.GOING_AWAY, "");
    }
    if (pace.isDone()) {
      pace = null;
      phase = Phase.WAITING;
      await(mine, 1);
    } else {
      scheduleClose(mine);
    }
  }

  private void await(int mine, int poll) {
    if (clients() == 0) {
      end(mine, Outcome.EMPTY);
    } else if (poll % POLLS_PER_SWEEP == 0) {
      timer.schedule(() -> beginCloses(mine), POLL_NS);
    } else {
      timer.schedule(() -> awaitAgain(mine, poll + 1), POLL_NS);
    }
  }

  private synchronized void awaitAgain(int mine, int poll) {
    if (isRunning(mine)) {
      await(mine, poll);
    }
  }

  private synchronized void end(int mine, Outcome how) {
    if (!isRunning(mine)) {
      return;
    }
    phase = Phase.DONE;
    pace = null;
    LOG.info("drain: {}, {} connections left", how, clients());
    final CompletableFuture<Outcome> told = outcome;
    timer.execute(() -> told.complete(how));
  }
}
