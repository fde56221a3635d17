package org.millrace.bench.sip;

import java.util.Locale;

/** Who carries SIP from WebSocket to UDP and back. */
enum Proxy {
  MILLRACE,
  /** With its transaction module, which repeats what UDP may lose, as Millrace does. */
  KAMAILIO,
  /** Forwarding without state: less than the others do, for comparison. */
  KAMAILIO_STATELESS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
