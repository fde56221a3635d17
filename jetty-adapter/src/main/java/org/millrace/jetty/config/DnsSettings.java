package org.millrace.jetty.config;

import java.net.InetSocketAddress;
import java.time.Duration;

/** Reads the {@code dns} section. */
final class DnsSettings {
  private static final int DNS_PORT = 53;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private DnsSettings() {}

  static DnsConfig read(Section section) {
    final DnsConfig dns =
        new DnsConfig(
            section.list("servers", value -> server(Kinds.string(value))),
            section.duration("timeout", Duration.ofMillis(10), Duration.ofMinutes(1)),
            section.duration("min-ttl", SECOND, Duration.ofDays(1)),
            section.duration("max-ttl", SECOND, Duration.ofDays(7)));
    section.close();
    section.requireBoth(
        dns.minTtl().compareTo(dns.maxTtl()) <= 0,
        "min-ttl",
        "max-ttl",
        "min-ttl = "
            + Units.of(dns.minTtl())
            + " must not be above max-ttl = "
            + Units.of(dns.maxTtl()));
    return dns;
  }

  private static InetSocketAddress server(String text) throws WrongValueException {
    final HostPort server = HostPort.parse(Hosts.hostAndPort(text));
    if (!Hosts.isAddress(server.bareHost())) {
      throw new WrongValueException(text + " must be an address, or address:port");
    }
    return new InetSocketAddress(server.bareHost(), server.port().orElse(DNS_PORT));
  }
}
