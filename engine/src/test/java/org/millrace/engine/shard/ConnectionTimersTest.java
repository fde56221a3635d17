package org.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.DeadlineTimerWheel;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.engine.connection.ConnectionOwner;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.SharedCounters;

/** The timers of a shard against a sorted map. A port whose timer has fired has none any more. */
class ConnectionTimersTest {
  /** How late a parked shard may wake, so that it does together what is due at about a time. */
  private static final long WAKE_UP_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /** More than one tick of the wheel. */
  private static final long TICK_NS = 1L << 23;

  private final ConnectionContext context =
      new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE).conclude();
  private final Shard shard =
      new Shard(
          new ShardSettings(
              0,
              () -> 0,
              65_536,
              16,
              16,
              16,
              16,
              65_536,
              65_536,
              1_000_000,
              1_000_000,
              () -> 0,
              error -> {
                throw new AssertionError(error);
              },
              ConnectionListener.NONE,
              new SharedCounters(),
              1));

  /** A port whose timer does nothing when it fires. */
  private ConnectionPort port() {
    return new ConnectionPort(shard, context, new TestWire(), new RecordingHandler());
  }

  private List<ConnectionPort> ports(int count) {
    final List<ConnectionPort> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(port());
    }
    return ports;
  }

  private static void pollAll(ConnectionTimers timers, long nowNs) {
    for (int polls = 0; timers.poll(nowNs, 100) > 0; polls++) {
      assertThat(polls).as("polls without coming to rest").isLessThan(1_000_000);
    }
  }

  /** ConnectionTimers takes ids of Agrona's wheel apart; this says so if they change. */
  @Test
  void agronaTimerIdsAreTickAndPlaceWithinIt() {
    final DeadlineTimerWheel wheel =
        new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, 1024, 16);
    for (final int tick : new int[] {0, 1, 5, 1023}) {
      for (int place = 0; place < 16; place++) {
        final long id = wheel.scheduleTimer(tick * TICK_NS + 1);
        assertThat(id).as("tick %s, place %s", tick, place).isEqualTo(((long) tick << 32) | place);
      }
    }
    assertThat(wheel.cancelTimer((5L << 32) | 3)).isTrue();
    assertThat(wheel.scheduleTimer(5 * TICK_NS)).as("first free place").isEqualTo((5L << 32) | 3);
    assertThat(wheel.scheduleTimer((1024 + 7) * TICK_NS)).as("next round").isEqualTo(7L << 32);
    assertThat(wheel.currentTickTime()).as("end of the current tick").isEqualTo(TICK_NS);
  }

  @Property(tries = 200)
  void firesWhatASortedMapWouldFire(@ForAll long seed) {
    final Random random = new Random(seed);
    final int count = 1 + random.nextInt(200);
    final ConnectionTimers timers = new ConnectionTimers(count);
    final List<ConnectionPort> ports = ports(count);
    final Map<ConnectionPort, Long> armed = new HashMap<>();
    long nowNs = 0;
    for (int step = 0; step < 500; step++) {
      final ConnectionPort port = ports.get(random.nextInt(count));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          if (port.timer() == ConnectionPort.NO_TIMER) {
            final long deadlineNs = nowNs + deadline(random);
            timers.schedule(port, deadlineNs);
            armed.put(port, deadlineNs);
          }
        }
        case 2 -> {
          if (port.timer() != ConnectionPort.NO_TIMER) {
            timers.cancel(port);
            armed.remove(port);
          }
        }
        default -> {
          nowNs += (long) (random.nextDouble() * random.nextInt(20) * TICK_NS);
          if (random.nextInt(20) == 0) {
            nowNs += 5_000 * TICK_NS;
          }
          if (random.nextBoolean()) {
            timers.poll(nowNs, 1 + random.nextInt(10)); // as far as one cycle gets
          } else {
            pollAll(timers, nowNs);
            for (final Map.Entry<ConnectionPort, Long> entry : armed.entrySet()) {
              if (entry.getValue() + spreadNs(count) <= nowNs) {
                assertThat(entry.getKey().timer()).as("due").isEqualTo(ConnectionPort.NO_TIMER);
              }
            }
          }
          final long now = nowNs;
          armed
              .entrySet()
              .removeIf(
                  entry -> {
                    final boolean fired = entry.getKey().timer() == ConnectionPort.NO_TIMER;
                    assertThat(fired && entry.getValue() > now).as("fired early").isFalse();
                    return fired;
                  });
        }
      }
      assertThat(timers.size()).isEqualTo(armed.size());
      checkNextPoll(timers, armed, spreadNs(count));
    }
  }

  /** How late a timer may be because those before it have filled its tick. */
  private static long spreadNs(int count) {
    return count * (TICK_NS >> 3);
  }

  private static long deadline(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(1_000_000);
      case 1 -> 1 + (long) (random.nextDouble() * 100 * TICK_NS);
      case 2 -> 1 + (long) (random.nextDouble() * 5_000 * TICK_NS);
      default -> 1 + 1_024 * TICK_NS * random.nextInt(4);
    };
  }

  /** Whoever parks until nextPollNs must not sleep long past a deadline. */
  private static void checkNextPoll(
      ConnectionTimers timers, Map<ConnectionPort, Long> armed, long spreadNs) {
    if (armed.isEmpty()) {
      assertThat(timers.nextPollNs()).isEqualTo(ConnectionOwner.NEVER);
    } else {
      final long first = new TreeSet<>(armed.values()).first();
      assertThat(timers.nextPollNs()).isLessThanOrEqualTo(first + WAKE_UP_NS + spreadNs);
    }
  }

  /** As when an engine stops: every connection gets the same deadline. */
  @Test
  void tenThousandDeadlinesInOneTickNeedNoMoreMemoryAndAreSpread() {
    final int count = 10_000;
    final ConnectionTimers timers = new ConnectionTimers(count);
    final List<ConnectionPort> ports = ports(count);
    final long deadlineNs = 600 * TICK_NS;
    final Set<Integer> places = new HashSet<>();
    for (final ConnectionPort port : ports) {
      timers.schedule(port, deadlineNs);
      assertThat(places.add(port.timer())).as("place taken twice").isTrue();
    }
    // Four places for each connection at most: more would mean that Agrona's wheel has grown.
    assertThat(new TreeSet<>(places).last()).isLessThan(4 * count);
    pollAll(timers, deadlineNs - 1);
    assertThat(timers.size()).isEqualTo(count);
    final TreeMap<Long, Integer> left = new TreeMap<>();
    for (long tick = 0; timers.size() > 0; tick++) {
      pollAll(timers, deadlineNs + tick * TICK_NS);
      left.put(tick, timers.size());
      assertThat(tick).isLessThan(1024);
    }
    assertThat(ports).allMatch(port -> port.timer() == ConnectionPort.NO_TIMER);
    assertThat(left.firstEntry().getValue()).isLessThan(count);
  }

  @Test
  void aFullShardFindsRoomInEveryTick() {
    final int count = 5_000;
    final ConnectionTimers timers = new ConnectionTimers(count);
    final List<ConnectionPort> ports = ports(count);
    final Random random = new Random(3);
    long nowNs = 0;
    for (int round = 0; round < 20; round++) {
      for (final ConnectionPort port : ports) {
        if (port.timer() == ConnectionPort.NO_TIMER) {
          timers.schedule(port, nowNs + 1 + (random.nextInt(3) * 1_024L + 5) * TICK_NS);
        }
      }
      assertThat(timers.size()).isEqualTo(count);
      nowNs += 700 * TICK_NS;
      pollAll(timers, nowNs);
    }
  }

  @Test
  void aPollFiresNoMoreThanItsLimit() {
    final ConnectionTimers timers = new ConnectionTimers(100);
    final List<ConnectionPort> ports = ports(16);
    ports.forEach(port -> timers.schedule(port, TICK_NS));
    assertThat(timers.poll(10 * TICK_NS, 5)).isEqualTo(5);
    assertThat(timers.size()).isEqualTo(11);
    pollAll(timers, 10 * TICK_NS);
    assertThat(timers.size()).isZero();
  }

  /**
   * A shard without connections does not poll; a timer after that must be neither early nor late.
   */
  @Test
  void aTimerAfterALongIdleTimeIsOnTime() {
    final ConnectionTimers timers = new ConnectionTimers(100);
    final ConnectionPort port = port();
    final long idleNs = TimeUnit.HOURS.toNanos(1);
    timers.schedule(port, idleNs + TimeUnit.SECONDS.toNanos(5));
    pollAll(timers, idleNs);
    assertThat(timers.size()).isOne();
    pollAll(timers, idleNs + TimeUnit.MILLISECONDS.toNanos(4_999));
    assertThat(timers.size()).isOne();
    pollAll(timers, idleNs + TimeUnit.SECONDS.toNanos(5));
    assertThat(timers.size()).isZero();
  }
}
