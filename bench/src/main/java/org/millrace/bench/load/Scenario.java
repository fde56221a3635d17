package org.millrace.bench.load;

import java.util.Locale;

/** What the connections of a load do. */
public enum Scenario {
  /** Messages that the server sends back. */
  ECHO(false),
  /** SIP OPTIONS, each answered by the server or by what is behind it. */
  OPTIONS(true),
  /** SIP REGISTER, each connection for a user of its own. */
  REGISTER(true),
  /** SIP MESSAGE from one connection to its partner, both registered. */
  MESSAGE(true),
  /** SIP calls from INVITE to BYE from one connection to its partner, both registered. */
  CALLS(true),
  /** Connections that do nothing but answer pings. */
  IDLE(false),
  /** Connections that come, shake hands and go. */
  STORM(false),
  /** Echo, where some connections read hardly anything of what comes back. */
  SLOW(false);

  private final boolean sip;

  Scenario(boolean sip) {
    this.sip = sip;
  }

  /** Whether the messages are SIP. */
  public boolean isSip() {
    return sip;
  }

  /** Whether connections work in pairs, of which one calls the other. */
  public boolean isOfPairs() {
    return this == MESSAGE || this == CALLS;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
