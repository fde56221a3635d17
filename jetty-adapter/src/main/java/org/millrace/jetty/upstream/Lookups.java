package org.millrace.jetty.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.millrace.jetty.config.UpstreamConfig;
import org.millrace.jetty.config.UpstreamConfig.TargetConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the names of targets stand for up to date: looks a name up when the last answer about
 * it has expired, and tells what has changed. Only names of the configuration, and those that DNS
 * says they stand for, are ever asked for. For one thread.
 */
final class Lookups {
  /** What {@link #poll} says if there is nothing to look up, ever. */
  static final long NEVER = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

  private static final class Entry {
    private final TargetConfig config;
    private final boolean isName;
    private List<FoundServer> servers = List.of();
    private boolean located;
    private boolean failing;
    private long dueNs;

    private Entry(TargetConfig config, long nowNs) {
      this.config = config;
      dueNs = nowNs;
      isName = ServerLocator.isName(config);
    }

    private boolean isDue(long nowNs) {
      return isName && dueNs - nowNs <= 0;
    }
  }

  private final ServerLocator locator;
  private final TargetBook book;
  private final Consumer<UpstreamTargets> listener;
  private final NanoClock clock;
  private final Duration retry;
  private final Map<UpstreamConfig, List<Entry>> entries = new LinkedHashMap<>();
  private boolean published;

  /** Whether the listener has failed to hear of the last change, and when to tell it again. */
  private boolean untold;

  private long tellAgainNs;

  /**
   * @param listener hears of all targets whenever any has changed.
   * @param retry how long to wait after a look-up that nobody answered, or a change that the
   *     listener failed on.
   */
  Lookups(
      List<UpstreamConfig> upstreams,
      ServerLocator locator,
      TargetBook book,
      Consumer<UpstreamTargets> listener,
      NanoClock clock,
      Duration retry) {
    this.locator = locator;
    this.book = book;
    this.listener = listener;
    this.clock = clock;
    this.retry = retry;
    final long nowNs = clock.nanoTime();
    for (final UpstreamConfig upstream : upstreams) {
      entries.put(
          upstream, upstream.targets().stream().map(target -> new Entry(target, nowNs)).toList());
    }
  }

  /** Does all that needs no DNS, and tells of it. */
  void begin() {
    for (final Entry entry : all()) {
      if (!entry.isName) {
        look(entry);
      }
    }
    publish();
  }

  /**
   * Looks up what is due.
   *
   * @return how long until there is more to do, in nanoseconds, or {@link #NEVER}.
   */
  long poll() {
    if (untold && tellAgainNs - clock.nanoTime() <= 0) {
      publish();
    }
    for (final Entry entry : all()) {
      if (entry.isDue(clock.nanoTime()) && look(entry)) {
        publish();
      }
    }
    final long nowNs = clock.nanoTime();
    long next = untold ? Math.max(0, tellAgainNs - nowNs) : NEVER;
    for (final Entry entry : all()) {
      if (entry.isName) {
        next = Math.min(next, Math.max(0, entry.dueNs - nowNs));
      }
    }
    return next;
  }

  /** Whether every target has been looked up once, with an answer or without. */
  boolean allTried() {
    return published && all().stream().allMatch(entry -> entry.located || entry.failing);
  }

  private List<Entry> all() {
    final List<Entry> all = new ArrayList<>();
    entries.values().forEach(all::addAll);
    return all;
  }

  /** Whether anything has changed. */
  private boolean look(Entry entry) {
    try {
      final ServerLocator.Found found = locator.locate(entry.config);
      entry.dueNs = found.expiresNs();
      final boolean changed = !entry.located || !found.servers().equals(entry.servers);
      if (changed && found.servers().isEmpty()) {
        LOG.warn("dns: {} stands for no server", entry.config.host());
      } else if (changed && entry.isName) {
        LOG.info("dns: {} stands for {}", entry.config.host(), text(found.servers()));
      }
      entry.servers = found.servers();
      entry.located = true;
      entry.failing = false;
      return changed;
    } catch (IOException e) {
      entry.dueNs = clock.nanoTime() + retry.toNanos();
      if (!entry.failing) {
        entry.failing = true;
        LOG.warn("dns: {}: {}; trying again and again", entry.config.host(), e.getMessage());
      }
      return false;
    }
  }

  private static List<String> text(List<FoundServer> servers) {
    return servers.stream()
        .map(
            server ->
                server.transport().uri()
                    + ":"
                    + server.address().getAddress().getHostAddress()
                    + ":"
                    + server.address().getPort())
        .toList();
  }

  private void publish() {
    published = true;
    untold = true;
    tellAgainNs = clock.nanoTime() + retry.toNanos();
    final Map<UpstreamConfig, List<TargetBook.Located>> located = new LinkedHashMap<>();
    entries.forEach(
        (upstream, targets) ->
            located.put(
                upstream,
                targets.stream()
                    .map(entry -> new TargetBook.Located(entry.config, entry.servers))
                    .toList()));
    listener.accept(book.update(located));
    untold = false;
  }
}
