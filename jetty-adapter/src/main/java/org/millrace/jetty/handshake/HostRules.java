package org.millrace.jetty.handshake;

import java.util.List;

/** Which hosts a path answers to (step 11 of A-3). */
final class HostRules {
  private final List<Authority> allowed;

  /**
   * Reads the list of a path; empty for any host. A host without a port allows any port.
   *
   * @throws IllegalArgumentException if one of them is no host.
   */
  HostRules(List<String> hosts) {
    allowed =
        hosts.stream()
            .map(
                host ->
                    Authority.parse(host)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    host + ": not a host; write host or host:port")))
            .toList();
  }

  /** Takes the scheme's own port if the client names none. */
  boolean allow(Authority host, int defaultPort) {
    if (allowed.isEmpty()) {
      return true;
    }
    final int port = host.port() < 0 ? defaultPort : host.port();
    for (Authority each : allowed) {
      if (each.host().equals(host.host()) && (each.port() < 0 || each.port() == port)) {
        return true;
      }
    }
    return false;
  }
}
