package org.millrace.jetty.handshake;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.millrace.jetty.config.EdgeSubProtocol;

/** How opening handshakes ended, over all listeners (F-3). */
public final class HandshakeCounters {
  private final Map<RefusalReason, LongAdder> refused = adders(RefusalReason.class);
  private final Map<EdgeSubProtocol, LongAdder> succeeded = adders(EdgeSubProtocol.class);

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    final Map<E, LongAdder> adders = new EnumMap<>(type);
    for (E each : type.getEnumConstants()) {
      adders.put(each, new LongAdder());
    }
    return adders;
  }

  void failed(RefusalReason reason) {
    refused.get(reason).increment();
  }

  void succeeded(EdgeSubProtocol subProtocol) {
    succeeded.get(subProtocol).increment();
  }

  /** The statistic {@code ws_failed_handshakes}. */
  public long failedHandshakes() {
    return sum(refused);
  }

  /** That part of the failed ones that had this reason. */
  public long failedHandshakes(RefusalReason reason) {
    return refused.get(reason).sum();
  }

  /** The statistic {@code ws_successful_handshakes}. */
  public long successfulHandshakes() {
    return sum(succeeded);
  }

  /**
   * The statistics {@code ws_sip_successful_handshakes} and {@code ws_msrp_successful_handshakes}.
   */
  public long successfulHandshakes(EdgeSubProtocol subProtocol) {
    return succeeded.get(subProtocol).sum();
  }

  /** Sets all of them to zero, as {@code stats.reset_statistics} does. */
  public void reset() {
    refused.values().forEach(LongAdder::reset);
    succeeded.values().forEach(LongAdder::reset);
  }

  private static long sum(Map<?, LongAdder> adders) {
    long sum = 0;
    for (LongAdder adder : adders.values()) {
      sum += adder.sum();
    }
    return sum;
  }
}
