package org.millrace.engine.sip;

import org.millrace.engine.connection.ConfigurationException;

/**
 * The rules for SIP flows of one kind. Set what differs from the defaults, then {@link #conclude};
 * from then on it is immutable.
 */
public final class SipContext {
  private int maxBadMessages = 10;
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
}
