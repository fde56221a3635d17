package org.millrace.jetty.config;

import org.millrace.engine.sip.SipContext;

/**
 * Limits of the {@code sip} sub-protocol.
 *
 * @param maxBadMessages messages that are neither SIP nor keep-alive before the flow is closed with
 *     1003 (B-6).
 * @param maxHeaders header fields of a message (B-4).
 * @param maxHeaderSize bytes of start line and header section.
 * @param maxRequestRate requests of a flow each second; 0 for no limit (C-1).
 * @param requestBurst those that may come at once.
 * @param maxRefusedRequests those that may be refused for their rate before the flow is closed with
 *     1008.
 */
public record SipConfig(
    int maxBadMessages,
    int maxHeaders,
    int maxHeaderSize,
    int maxRequestRate,
    int requestBurst,
    int maxRefusedRequests) {
  /** The rules that follow from it, of which no one else has this copy. */
  public SipContext context() {
    return new SipContext()
        .maxBadMessages(maxBadMessages)
        .maxHeaders(maxHeaders)
        .maxHeaderBytes(maxHeaderSize)
        .maxRequestRate(maxRequestRate)
        .requestBurst(requestBurst)
        .maxRefusedRequests(maxRefusedRequests);
  }
}
