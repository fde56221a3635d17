package org.millrace.engine.sip;

import org.millrace.engine.connection.ConfigurationException;

/**
 * The rules for SIP flows of one kind. Set what differs from the defaults, then {@link #conclude};
 * from then on it is immutable.
 */
public final class SipContext {
  private static final int LEAST_HEADERS = 16;
  private static final int LEAST_HEADER_BYTES = 1024;

  private int maxBadMessages = 10;
  private int maxHeaders = SipMessage.MAX_HEADERS;
  private int maxHeaderBytes = SipMessage.MAX_HEADER_BYTES;
  private int maxRequestRate;
  private int requestBurst = 100;
  private int maxRefusedRequests = 1000;
  private boolean concluded;

  /**
   * Validates and freezes the settings. Once only.
   *
   * @throws ConfigurationException naming the setting, its value and what would be right.
   * @throws IllegalStateException if it has been concluded before.
   */
  public SipContext conclude() {
    notConcluded();
    ConfigurationException.require(
        maxBadMessages >= 0, "maxBadMessages", maxBadMessages, "must be 0 or more");
    ConfigurationException.require(
        maxHeaders >= LEAST_HEADERS && maxHeaders <= SipMessage.MAX_HEADERS,
        "maxHeaders",
        maxHeaders,
        "must be 16 to 256");
    ConfigurationException.require(
        maxHeaderBytes >= LEAST_HEADER_BYTES && maxHeaderBytes <= SipMessage.MAX_HEADER_BYTES,
        "maxHeaderBytes",
        maxHeaderBytes,
        "must be 1024 to 65536");
    ConfigurationException.require(
        maxRequestRate >= 0, "maxRequestRate", maxRequestRate, "must be 0 or more");
    ConfigurationException.require(
        requestBurst >= 1, "requestBurst", requestBurst, "must be 1 or more");
    ConfigurationException.require(
        maxRefusedRequests >= 0, "maxRefusedRequests", maxRefusedRequests, "must be 0 or more");
    concluded = true;
    return this;
  }

  private void notConcluded() {
    if (concluded) {
      throw new IllegalStateException("the context has been concluded: make a new one");
    }
  }

  public boolean isConcluded() {
    return concluded;
  }

  /**
   * Messages of a flow that may be neither SIP nor a keep-alive, 0 or more. One more and the flow
   * is closed with 1003 (B-6).
   */
  public SipContext maxBadMessages(int value) {
    notConcluded();
    maxBadMessages = value;
    return this;
  }

  public int maxBadMessages() {
    return maxBadMessages;
  }

  /** Most header fields of a message, 16 to 256 (B-4). Requests with more are answered 400. */
  public SipContext maxHeaders(int value) {
    notConcluded();
    maxHeaders = value;
    return this;
  }

  public int maxHeaders() {
    return maxHeaders;
  }

  /**
   * Longest start line and header section in bytes, with the blank line, 1024 to 65536 (B-4).
   * Requests with a longer one are answered 400.
   */
  public SipContext maxHeaderBytes(int value) {
    notConcluded();
    maxHeaderBytes = value;
    return this;
  }

  public int maxHeaderBytes() {
    return maxHeaderBytes;
  }

  /**
   * Requests that a flow may send each second for ever, 0 or more; 0 for no such limit. What is
   * above is answered 503 (C-1).
   */
  public SipContext maxRequestRate(int value) {
    notConcluded();
    maxRequestRate = value;
    return this;
  }

  public int maxRequestRate() {
    return maxRequestRate;
  }

  /** Requests that it may send at once after a pause, 1 or more. */
  public SipContext requestBurst(int value) {
    notConcluded();
    requestBurst = value;
    return this;
  }

  public int requestBurst() {
    return requestBurst;
  }

  /**
   * Requests that are refused for their rate, 0 or more, before the flow is closed with 1008. The
   * count begins anew when the flow has paused for long enough to send a burst.
   */
  public SipContext maxRefusedRequests(int value) {
    notConcluded();
    maxRefusedRequests = value;
    return this;
  }

  public int maxRefusedRequests() {
    return maxRefusedRequests;
  }

  SipMessage newMessage() {
    return new SipMessage(maxHeaders, maxHeaderBytes);
  }
}
