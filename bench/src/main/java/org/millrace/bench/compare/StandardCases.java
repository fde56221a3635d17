package org.millrace.bench.compare;

import java.util.List;
import java.util.Map;
import org.millrace.bench.jmh.Case;

/**
 * What is compared if nobody says otherwise: few cases that between them run all of a message's
 * way, at the size of a SIP message, and that are steady.
 */
public final class StandardCases {
  private static final String PACKAGE = "org.millrace.bench.";
  private static final String SIZE = "600";

  private StandardCases() {}

  /** In the order of their names. */
  public static List<Case> all() {
    return List.of(
            of("frame.FrameDecodeBenchmark.millrace", Map.of("size", SIZE, "content", "ascii")),
            of("frame.FrameDecodeBenchmark.millrace", Map.of("size", SIZE, "content", "mixed")),
            of("frame.FrameEncodeBenchmark.millrace", Map.of("size", SIZE, "role", "SERVER")),
            of("frame.MaskingBenchmark.millrace", Map.of("size", "1500", "alignment", "3")),
            of("shard.ShardCycleBenchmark.batch16", Map.of("size", SIZE, "spread", "connections")),
            of("shard.ShardSendBenchmark.batch16", Map.of("size", SIZE)),
            of("sip.SipRewriteBenchmark.inviteToCore", Map.of()),
            of("sip.SipRewriteBenchmark.okToClient", Map.of()))
        .stream()
        .sorted()
        .toList();
  }

  private static Case of(String benchmark, Map<String, String> parameters) {
    return Case.of(PACKAGE + benchmark, parameters);
  }
}
