package org.millrace.jetty.upstream;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreSender;
import org.millrace.engine.sip.LocalTransactions;
import org.millrace.engine.sip.Target;
import org.millrace.engine.sip.Target.Health;
import org.millrace.jetty.config.HealthConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks targets whether they are well, each in its own interval, and writes down what they say
 * (C-69). Answers come from any thread; everything else is for one at a time, which calls {@link
 * #poll} several times a second.
 */
public final class HealthChecker implements LocalTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);
  private static final int RANDOM_BYTES = 8;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final int FIRST_FINAL = 200;

  /** By which part of its interval a probe may come earlier, so that they do not come in gusts. */
  private static final double JITTER = 0.1;

  /** A target that is asked, and the question that is under way. */
  private static final class Asked {
    private final Target target;
    private final HealthConfig config;
    private final TargetHealth health;
    private long dueNs;
    private String branch;
    private long sentNs;
    private volatile String outcome;

    private Asked(Target target, HealthConfig config, long dueNs) {
      this.target = target;
      this.config = config;
      this.dueNs = dueNs;
      health = new TargetHealth(target, config);
    }
  }

  private record Answer(Asked asked, int status, int retryAfter, long timeNs) {}

  private final CoreSender sender;
  private final String userAgent;
  private final NanoClock clock;
  private final Supplier<byte[]> random;
  private final Map<Target, Asked> targets = new ConcurrentHashMap<>();
  private final Map<String, Asked> underWay = new ConcurrentHashMap<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  /** Of targets that have been asked. */
  private final Set<String> names = new HashSet<>();

  /**
   * @param userAgent what probes call this program.
   */
  public HealthChecker(CoreSender sender, String userAgent, NanoClock clock) {
    this(sender, userAgent, clock, randomBytes(new SecureRandom()));
  }

  /**
   * @param random 8 fresh random bytes each time.
   */
  HealthChecker(CoreSender sender, String userAgent, NanoClock clock, Supplier<byte[]> random) {
    this.sender = sender;
    this.userAgent = userAgent;
    this.clock = clock;
    this.random = random;
  }

  private static Supplier<byte[]> randomBytes(SecureRandom random) {
    return () -> {
      final byte[] bytes = new byte[RANDOM_BYTES];
      random.nextBytes(bytes);
      return bytes;
    };
  }

  /**
   * Says which targets there are now. Those that are new get a probe at once. The twin of a target
   * over UDP is not well until it has said so: nobody promised that there is one.
   */
  public synchronized void update(Collection<Destination> destinations) {
    final Set<Target> twins = new HashSet<>();
    destinations.forEach(it -> Optional.ofNullable(it.target().twin()).ifPresent(twins::add));
    final Map<Target, Destination> now = new HashMap<>();
    for (final Destination destination : destinations) {
      if (destination.upstream().health().enabled()) {
        now.put(destination.target(), destination);
      }
    }
    names.retainAll(now.keySet().stream().map(Target::name).collect(Collectors.toSet()));
    targets.keySet().retainAll(now.keySet());
    underWay.values().removeIf(asked -> !targets.containsKey(asked.target));
    now.forEach(
        (target, destination) -> {
          if (!targets.containsKey(target)) {
            if (twins.contains(target) && !isKnown(target)) {
              target.health(Health.DOWN);
            }
            targets.put(
                target, new Asked(target, destination.upstream().health(), clock.nanoTime()));
          }
        });
  }

  /** Whether another instance was asked before, whose health it has taken over. */
  private boolean isKnown(Target target) {
    return names.contains(target.name());
  }

  /**
   * Sends what is due and notes what has come.
   *
   * @return whether anything was done.
   */
  public synchronized boolean poll() {
    boolean busy = false;
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      judge(answer);
      busy = true;
    }
    final long nowNs = clock.nanoTime();
    for (final Asked asked : targets.values()) {
      if (asked.branch != null && nowNs - asked.sentNs >= asked.config.timeout().toNanos()) {
        // an answer that has just come is judged with the next poll
        if (underWay.remove(asked.branch) != null) {
          asked.branch = null;
          note(asked, "no answer", asked.health::bad);
        }
        busy = true;
      }
      if (asked.branch == null && asked.dueNs - nowNs <= 0) {
        ask(asked, nowNs);
        busy = true;
      }
    }
    return busy;
  }

  private void ask(Asked asked, long nowNs) {
    names.add(asked.target.name());
    final Probe probe = Probe.of(asked.target, userAgent, random);
    underWay.put(probe.branch(), asked);
    asked.branch = probe.branch();
    asked.sentNs = nowNs;
    asked.dueNs = nowNs + jittered(asked.health.interval());
    final UnsafeBuffer buffer = new UnsafeBuffer(probe.message());
    final int result = sender.send(asked.target, buffer, 0, probe.message().length, true);
    if (!SendResult.isAccepted(result)) {
      underWay.remove(probe.branch());
      asked.branch = null;
      if (result == SendResult.NOT_OPEN) {
        note(asked, "cannot be reached", asked.health::unreachable);
      } // else it is this side that has no room, which says nothing about the target
    }
  }

  private long jittered(Duration interval) {
    final double part = (random.get()[0] & 0xFF) / 256.0;
    return (long) (interval.toNanos() * (1 - JITTER * part));
  }

  private void judge(Answer answer) {
    final Asked asked = answer.asked;
    asked.branch = null;
    final long ms = TimeUnit.NANOSECONDS.toMillis(answer.timeNs - asked.sentNs);
    final String outcome = answer.status + " after " + ms + " ms";
    if (answer.status == SERVICE_UNAVAILABLE && answer.retryAfter >= 0) {
      note(asked, outcome, asked.health::draining);
    } else if (answer.status == REQUEST_TIMEOUT
        || answer.status == SERVICE_UNAVAILABLE
        || asked.config.badStatuses().contains(answer.status)) {
      note(asked, outcome, asked.health::bad);
    } else {
      note(asked, outcome, asked.health::good);
    }
  }

  private static void note(Asked asked, String outcome, Runnable verdict) {
    final Health before = asked.target.health();
    verdict.run();
    asked.outcome = outcome;
    if (asked.target.health() != before) {
      LOG.info("core: {} is {}: {}", asked.target, asked.target.health(), outcome);
    }
  }

  @Override
  public void onResponse(String branch, int status, int retryAfter) {
    if (status < FIRST_FINAL) {
      return;
    }
    final Asked asked = underWay.remove(branch);
    if (asked != null) {
      answers.add(new Answer(asked, status, retryAfter, clock.nanoTime()));
    }
  }

  /** What came of the last probe, for people; empty if there was none yet. Any thread. */
  public Optional<String> lastOutcome(Target target) {
    return Optional.ofNullable(targets.get(target)).map(asked -> asked.outcome);
  }
}
