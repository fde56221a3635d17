package org.millrace.jetty;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.millrace.engine.sip.EmbeddedCore;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.handshake.HandshakeCounters;
import org.millrace.jetty.handshake.Handshakes;
import org.millrace.jetty.handshake.RefusalReason;

/** What is counted outside the engine, by the names of Kamailio's statistics where it has them. */
final class Statistics {
  private Statistics() {}

  static Map<String, LongSupplier> of(Handshakes handshakes, EmbeddedCore core) {
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
      statistics.put(counter.label(), () -> core.counters().get(counter));
    }
    statistics.put("millrace_sip_bindings", core::bindingCount);
    return statistics;
  }

  static Map<String, Long> refusals(HandshakeCounters counters) {
    final Map<String, Long> refusals = new TreeMap<>();
    for (final RefusalReason reason : RefusalReason.values()) {
      refusals.put(reason.label(), counters.failedHandshakes(reason));
    }
    return refusals;
  }
}
