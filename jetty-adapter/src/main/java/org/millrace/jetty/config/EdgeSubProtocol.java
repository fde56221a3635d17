package org.millrace.jetty.config;

import org.millrace.engine.status.SubProtocol;

/** The sub-protocols that a path may speak. */
public enum EdgeSubProtocol {
  SIP("sip", SubProtocol.SIP),
  MSRP("msrp", SubProtocol.MSRP),
  /** Sends back every message; for tests and benchmarks. */
  ECHO("echo", SubProtocol.OTHER);

  private final String token;
  private final SubProtocol counted;

  EdgeSubProtocol(String token, SubProtocol counted) {
    this.token = token;
    this.counted = counted;
  }

  /** As in Sec-WebSocket-Protocol. */
  public String token() {
    return token;
  }

  /** Under which statistics its connections appear. */
  public SubProtocol counted() {
    return counted;
  }
}
