package org.millrace.jetty.config;

/**
 * Limits of the {@code sip} sub-protocol.
 *
 * @param maxBadMessages messages that are neither SIP nor keep-alive before the flow is closed with
 *     1003 (B-6).
 */
public record SipConfig(int maxBadMessages) {}
