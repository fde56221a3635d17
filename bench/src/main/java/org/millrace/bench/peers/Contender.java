package org.millrace.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.load.Scenario;
import org.millrace.bench.peer.Identity;
import org.millrace.bench.peer.KamailioProcess;
import org.millrace.bench.peer.Peer;
import org.millrace.bench.peer.PeerProcess;
import org.millrace.bench.peer.ServerProcess;

/** Whom to measure: what echoes is compared with Millrace's echo, what answers SIP with its SIP. */
enum Contender {
  MILLRACE,
  JETTY,
  JETTY_NATIVE,
  NETTY,
  UNDERTOW,
  TOMCAT,
  MILLRACE_SIP,
  KAMAILIO;

  /** Starts it and waits until it listens. */
  ServerProcess start(List<String> flags, Identity identity) throws IOException {
    return switch (this) {
      case MILLRACE_SIP -> PeerProcess.startSip(flags, identity);
      case KAMAILIO -> KamailioProcess.start(identity);
      default -> PeerProcess.start(Peer.valueOf(name()), flags, identity);
    };
  }

  boolean isAvailable() {
    return this != KAMAILIO || KamailioProcess.isInstalled();
  }

  boolean isSip() {
    return this == MILLRACE_SIP || this == KAMAILIO;
  }

  /** What it is sent. */
  Scenario traffic() {
    return isSip() ? Scenario.OPTIONS : Scenario.ECHO;
  }

  /** Whose figures are one. */
  Contender reference() {
    return isSip() ? MILLRACE_SIP : MILLRACE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
