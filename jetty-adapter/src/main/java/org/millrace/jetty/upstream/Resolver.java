package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.DnsConfig;
import org.millrace.jetty.config.UpstreamConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.hosts.HostsFileParser;

/** Looks up the names of targets, on a thread of its own that waits for nobody but DNS. */
public final class Resolver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

  /** How long a start waits for DNS; what is not known by then comes later. */
  private static final Duration FIRST = Duration.ofSeconds(10);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private static final long SOON_NS = Duration.ofMillis(100).toNanos();

  private final Lookups lookups;
  private final CountDownLatch tried = new CountDownLatch(1);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Resolver::thread);

  private Resolver(Lookups lookups) {
    this.lookups = lookups;
  }

  /**
   * Begins. When this returns all targets are known that need no DNS, and within bounds those that
   * do.
   *
   * @param sockets by name, bound.
   * @param listener hears of all targets whenever any has changed, on the thread of this resolver.
   */
  public static Resolver start(
      DnsConfig config,
      List<UpstreamConfig> upstreams,
      List<CoreSocketConfig> socketConfigs,
      Function<String, CoreSocket> sockets,
      Consumer<UpstreamTargets> listener)
      throws InterruptedException {
    final Map<String, CoreSocketConfig> byName =
        socketConfigs.stream().collect(Collectors.toMap(CoreSocketConfig::name, it -> it));
    final ServerLocator locator =
        new ServerLocator(
            new DnsCache(
                new DnsClient(config.servers(), config.timeout()),
                config.minTtl(),
                config.maxTtl()),
            new HostsFile(),
            (socket, ipv6) -> canSend(byName.get(socket).host(), ipv6),
            System::nanoTime);
    final Resolver resolver =
        new Resolver(
            new Lookups(
                upstreams,
                locator,
                new TargetBook(socketConfigs, sockets),
                listener,
                System::nanoTime,
                config.minTtl()));
    resolver.begin();
    return resolver;
  }

  /** A socket that is bound to all addresses of IPv6 is one of IPv4 as well. */
  private static boolean canSend(String host, boolean ipv6) {
    return host.matches("::|0:0:0:0:0:0:0:0") || host.indexOf(':') >= 0 == ipv6;
  }

  private static Thread thread(Runnable task) {
    final Thread thread = new Thread(task, "millrace-dns");
    thread.setDaemon(true);
    return thread;
  }

  private void begin() throws InterruptedException {
    thread.execute(
        () -> {
          run(lookups::begin);
          poll();
        });
    if (!tried.await(FIRST.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("dns: not all names of targets are known yet; starting without them");
    }
  }

  private void poll() {
    final long[] nextNs = {SOON_NS};
    run(() -> nextNs[0] = lookups.poll());
    if (lookups.allTried()) {
      tried.countDown();
    }
    if (nextNs[0] != Lookups.NEVER) {
      pollIn(Math.max(SOON_NS, nextNs[0]));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // run() has told of whatever failed
  private void pollIn(long delayNs) {
    try {
      thread.schedule(this::poll, delayNs, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("dns: closed");
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("dns: a look-up failed; they go on", e);
    }
  }

  /** When this returns the listener hears of nothing more. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("dns: a look-up goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The machine's own table of names. */
  private static final class HostsFile implements ServerLocator.Hosts {
    private final HostsFileParser parser = new HostsFileParser();

    @Override
    public Optional<InetAddress> address(Name name, int type) throws IOException {
      return parser.getAddressForHost(name, type);
    }
  }
}
