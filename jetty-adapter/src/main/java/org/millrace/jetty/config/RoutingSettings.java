package org.millrace.jetty.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.millrace.engine.sip.EdgePolicy;
import org.millrace.engine.sip.EdgePolicy.Mode;
import org.millrace.engine.sip.EdgePolicy.Transactions;

/** Reads {@code upstream} and {@code routing} of a path. */
final class RoutingSettings {
  private static final Duration LONGEST_FLOW_TIMER = Duration.ofHours(1);

  private final Map<String, UpstreamConfig> upstreams;

  RoutingSettings(Map<String, UpstreamConfig> upstreams) {
    this.upstreams = upstreams;
  }

  /**
   * Empty if the embedded core is behind the path.
   *
   * @param path of which they are keys.
   * @param liveness time after which a client that says nothing is taken for gone; empty if that
   *     does not happen.
   */
  Optional<EdgePolicy> read(Section path, Optional<Duration> liveness) {
    final Optional<String> upstream = path.optionalString("upstream");
    final Section section = path.section("routing");
    final Duration flowTimer = section.duration("flow-timer", Duration.ZERO, LONGEST_FLOW_TIMER);
    final EdgePolicy policy =
        new EdgePolicy(
            section.choice("mode", Mode.class),
            upstream.orElse(""),
            section.bool("force-path"),
            section.bool("require-path"),
            section.bool("double-path"),
            section.bool("single-record-route"),
            section.bool("add-received"),
            (int) flowTimer.toSeconds(),
            section.bool("assert-identity"),
            section.bool("alias-mac"),
            section.choice("transactions", Transactions.class));
    section.close();
    upstream.ifPresent(
        name ->
            path.require(
                upstreams.containsKey(name),
                "upstream",
                upstreams.isEmpty()
                    ? "there is no section millrace.upstreams." + name
                    : ListenerSettings.unknown("upstreams", name, upstreams)));
    check(section, policy);
    checkFlowTimer(section, flowTimer, liveness);
    return upstream.isPresent() ? Optional.of(policy) : Optional.empty();
  }

  private static void check(Section section, EdgePolicy policy) {
    final boolean paths = policy.mode() != Mode.ALIAS;
    section.requireBoth(
        paths || !policy.requirePath(),
        "require-path",
        "mode",
        "require-path = true is of no use with mode = alias, which adds no Path");
    section.requireBoth(
        paths || !policy.doublePath(),
        "double-path",
        "mode",
        "double-path = true is of no use with mode = alias, which adds no Path");
    section.requireBoth(
        paths || policy.flowTimerSeconds() == 0,
        "flow-timer",
        "mode",
        "flow-timer is of no use with mode = alias: it belongs to RFC 5626");
    section.requireBoth(
        policy.mode() != Mode.OUTBOUND || policy.aliasMac() || inherited(section, "alias-mac"),
        "alias-mac",
        "mode",
        "alias-mac = false is of no use with mode = outbound, which makes no aliases");
  }

  /** A profile's default may not fit a mode that a path has chosen; it is then not looked at. */
  private static boolean inherited(Section section, String name) {
    return Origins.isBuiltIn(section.values().get(name));
  }

  private static void checkFlowTimer(
      Section section, Duration flowTimer, Optional<Duration> liveness) {
    section.require(
        flowTimer.toNanosPart() == 0,
        "flow-timer",
        "must be whole seconds: the header has no smaller unit");
    section.require(
        liveness.isEmpty() || liveness.get().compareTo(flowTimer) > 0,
        "flow-timer",
        "must be below connection.keep-alive-timeout + pong-timeout = "
            + Units.of(liveness.orElse(Duration.ZERO))
            + ", or a client that makes full use of it is taken for gone");
  }
}
