package org.millrace.jetty.upstream;

import java.time.Duration;
import org.millrace.engine.sip.Target;
import org.millrace.engine.sip.Target.Health;
import org.millrace.jetty.config.HealthConfig;

/**
 * What answers to probes make of a target's health (C-69). Others may change the health, too, such
 * as the maker of connections, so it is always looked up where it is kept. For one thread.
 */
final class TargetHealth {
  /** Good answers in a row after which a target has been well for long. */
  private static final int STEADY_AFTER = 30;

  private final Target target;
  private final HealthConfig config;
  private boolean judged;
  private int good;
  private int bad;

  TargetHealth(Target target, HealthConfig config) {
    this.target = target;
    this.config = config;
  }

  /** It has answered as it should. The first answer of all is believed at once. */
  void good() {
    bad = 0;
    good++;
    if (!judged || good >= config.upAfter()) {
      set(Health.UP);
    }
    judged = true;
  }

  /** It has not answered, or not as it should. */
  void bad() {
    judged = true;
    good = 0;
    bad++;
    if (bad >= config.downAfter()) {
      set(Health.DOWN);
    }
  }

  /** It says that it is about to go. */
  void draining() {
    judged = true;
    good = 0;
    bad = 0;
    set(Health.DRAINING);
  }

  /** Nothing can be sent to it. */
  void unreachable() {
    judged = true;
    good = 0;
    bad = config.downAfter();
    set(Health.DOWN);
  }

  private void set(Health health) {
    if (target.health() != health) {
      target.health(health);
    }
  }

  /** From one probe to the next. */
  Duration interval() {
    return good >= STEADY_AFTER ? config.steadyInterval() : config.interval();
  }
}
