package org.millrace.jetty;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.millrace.engine.sip.EmbeddedCore;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.handshake.HandshakeCounters;
import org.millrace.jetty.handshake.Handshakes;
import org.millrace.jetty.handshake.RefusalReason;
import org.millrace.jetty.upstream.CoreCounter;
import org.millrace.jetty.upstream.CoreTransports;

/** What is counted outside the engine, by the names of Kamailio's statistics where it has them. */
final class Statistics {
  private Statistics() {}

  /**
   * @param coreSide if there is one, it counts along with the embedded core.
   */
  static Map<String, LongSupplier> of(
      Handshakes handshakes, EmbeddedCore core, Optional<CoreSide> coreSide) {
    final HandshakeCounters counters = handshakes.counters();
    final Map<String, LongSupplier> statistics = new LinkedHashMap<>();
    statistics.put("ws_failed_handshakes", counters::failedHandshakes);
    statistics.put("ws_successful_handshakes", counters::successfulHandshakes);
    statistics.put(
        "ws_sip_successful_handshakes", () -> counters.successfulHandshakes(EdgeSubProtocol.SIP));
    statistics.put(
        "ws_msrp_successful_handshakes", () -> counters.successfulHandshakes(EdgeSubProtocol.MSRP));
    statistics.put("millrace_sockets", () -> handshakes.limits().connections());
    for (final SipCounter counter : SipCounter.values()) {
      statistics.put(
          counter.label(),
          () ->
              core.counters().get(counter)
                  + coreSide.map(it -> it.proxy().counters().get(counter)).orElse(0L));
    }
    coreSide.ifPresent(it -> statistics.put("millrace_sip_transactions", it::transactions));
    coreSide.map(CoreSide::transports).ifPresent(transports -> addTo(statistics, transports));
    statistics.put("millrace_sip_bindings", core::bindingCount);
    return statistics;
  }

  private static void addTo(Map<String, LongSupplier> statistics, CoreTransports transports) {
    for (final CoreCounter counter : CoreCounter.values()) {
      statistics.put(counter.label(), () -> transports.counters().get(counter));
    }
    statistics.put("millrace_core_connections", transports::connections);
  }

  static Map<String, Long> refusals(HandshakeCounters counters) {
    final Map<String, Long> refusals = new TreeMap<>();
    for (final RefusalReason reason : RefusalReason.values()) {
      refusals.put(reason.label(), counters.failedHandshakes(reason));
    }
    return refusals;
  }
}
