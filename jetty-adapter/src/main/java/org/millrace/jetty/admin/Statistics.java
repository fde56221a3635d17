package org.millrace.jetty.admin;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.millrace.engine.Engine;
import org.millrace.engine.status.EngineCounter;

/**
 * The statistics by group and name (F-3).
 *
 * <p>Whoever resets one moves the zero of what is shown here. The counter itself goes on, because
 * others, who take differences of it, look at it too. What tells a state rather than counts, or is
 * the greatest of something, cannot be reset.
 */
final class Statistics {
  /** Kamailio's group, and ours. */
  private static final String WEBSOCKET = "websocket";

  private static final String MILLRACE = "millrace";
  private static final String WEBSOCKET_PREFIX = "ws_";

  private static final Set<EngineCounter> STATES =
      EnumSet.of(
          EngineCounter.CURRENT_CONNECTIONS,
          EngineCounter.SIP_CURRENT_CONNECTIONS,
          EngineCounter.MSRP_CURRENT_CONNECTIONS,
          EngineCounter.MAX_CONCURRENT_CONNECTIONS,
          EngineCounter.SIP_MAX_CONCURRENT_CONNECTIONS,
          EngineCounter.MSRP_MAX_CONCURRENT_CONNECTIONS,
          EngineCounter.MAX_CYCLE_TIME_NS,
          EngineCounter.POOLED_BYTES,
          EngineCounter.POOLED_BYTES_IN_USE,
          EngineCounter.STREAM_CURRENT_CONNECTIONS);

  private final Map<String, Statistic> byName = new LinkedHashMap<>();
  private final Map<String, Long> zeros = new ConcurrentHashMap<>();

  /** One of them. */
  final class Statistic {
    private final String group;
    private final String name;
    private final LongSupplier counter;
    private final boolean isState;

    private Statistic(String name, LongSupplier counter, boolean isState) {
      group = name.startsWith(WEBSOCKET_PREFIX) ? WEBSOCKET : MILLRACE;
      this.name = name;
      this.counter = counter;
      this.isState = isState;
    }

    String group() {
      return group;
    }

    String name() {
      return name;
    }

    long value() {
      return counter.getAsLong() - zeros.getOrDefault(name, 0L);
    }

    /** Sets what is shown to zero; nothing happens if that makes no sense. */
    void reset() {
      if (!isState) {
        zeros.put(name, counter.getAsLong());
      }
    }
  }

  /**
   * @param more those that are not the engine's, by name.
   */
  Statistics(Engine engine, Map<String, LongSupplier> more) {
    for (final EngineCounter counter : EngineCounter.values()) {
      add(counter.label(), () -> engine.counter(counter), STATES.contains(counter));
    }
    more.forEach((name, value) -> add(name, value, false));
  }

  private void add(String name, LongSupplier value, boolean isState) {
    byName.put(name, new Statistic(name, value, isState));
  }

  /**
   * Those that somebody asks for; none if there are none of that name.
   *
   * @param which {@code all}, a group with a colon behind it, or a name.
   */
  List<Statistic> select(String which) {
    if (which.equals("all")) {
      return List.copyOf(byName.values());
    }
    final List<Statistic> selected = new ArrayList<>();
    for (final Statistic statistic : byName.values()) {
      if (which.equals(statistic.name()) || which.equals(statistic.group() + ":")) {
        selected.add(statistic);
      }
    }
    return selected;
  }
}
