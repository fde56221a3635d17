package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.agrona.concurrent.NanoClock;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.config.UpstreamConfig.TargetConfig;
import org.millrace.jetty.upstream.FoundServer.Rank;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * From a configured target to the servers that it stands for (RFC 3263 section 4, RFC 7118 section
 * 5.5; C-71, B-14). Asks DNS, and waits for it; for one thread.
 */
final class ServerLocator {
  /** Services of NAPTR records. {@code SIPS+} is also for those who did not ask for it. */
  private static final Map<String, CoreTransport> SERVICES =
      Map.of(
          "SIP+D2U", CoreTransport.UDP,
          "SIP+D2T", CoreTransport.TCP,
          "SIPS+D2T", CoreTransport.TLS,
          "SIP+D2W", CoreTransport.WS,
          "SIPS+D2W", CoreTransport.WSS);

  /** Prefixes of SRV names. Those of WebSocket are found by NAPTR only (B-14). */
  private static final Map<CoreTransport, String> PREFIXES = new LinkedHashMap<>();

  static {
    PREFIXES.put(CoreTransport.UDP, "_sip._udp.");
    PREFIXES.put(CoreTransport.TCP, "_sip._tcp.");
    PREFIXES.put(CoreTransport.TLS, "_sips._tcp.");
  }

  /**
   * What has been found.
   *
   * @param expiresNs when to look again.
   */
  record Found(List<FoundServer> servers, long expiresNs) {}

  /** Nobody tells when the machine's own table has changed. */
  private static final long HOSTS_TTL_NS = Duration.ofMinutes(1).toNanos();

  /** DNS servers turn their answers round; that is no change. */
  private static final Comparator<FoundServer> ORDER =
      Comparator.comparing(FoundServer::rank)
          .thenComparing(FoundServer::transport)
          .thenComparing(server -> server.address().toString());

  private final DnsCache dns;
  private final Hosts hosts;
  private final BiPredicate<String, Boolean> families;
  private final NanoClock clock;

  /** Addresses that this machine knows without DNS. */
  interface Hosts {
    /** Nothing. */
    Hosts NONE = (name, type) -> Optional.empty();

    /** An address for A or AAAA. */
    Optional<InetAddress> address(Name name, int type) throws IOException;
  }

  /**
   * @param families whether a core socket of that name can send to IPv6 (true) or IPv4 (false).
   */
  ServerLocator(DnsCache dns, Hosts hosts, BiPredicate<String, Boolean> families, NanoClock clock) {
    this.dns = dns;
    this.hosts = hosts;
    this.families = families;
    this.clock = clock;
  }

  /** Whether there is anything to be asked for. */
  static boolean isName(TargetConfig target) {
    return !Network.isWrittenAsAddress(target.host());
  }

  /**
   * The servers of a target; none if DNS says that there are none.
   *
   * @throws IOException if DNS says nothing, and never did.
   */
  Found locate(TargetConfig target) throws IOException {
    final Search search = new Search(target);
    search.run();
    return new Found(search.servers.values().stream().sorted(ORDER).toList(), search.expiresNs);
  }

  private record Key(CoreTransport transport, InetSocketAddress address) {}

  /** One look-up, which expires with the first of its answers. */
  private final class Search {
    private final TargetConfig target;
    private final Map<Key, FoundServer> servers = new LinkedHashMap<>();
    private final long nowNs = clock.nanoTime();
    private long expiresNs = nowNs + Long.MAX_VALUE / 2;

    private Search(TargetConfig target) {
      this.target = target;
    }

    private Set<CoreTransport> transports() {
      return target.sockets().keySet();
    }

    private void run() throws IOException {
      if (Network.isWrittenAsAddress(target.host())) {
        final CoreTransport transport = target.transport().orElseThrow();
        add(transport, literal(target.host()), port(transport), target.host(), Rank.FIRST, 1);
        return;
      }
      final Name name = absolute(target.host());
      if (target.port().isPresent()) {
        final CoreTransport transport = target.transport().orElseThrow();
        addresses(transport, name, port(transport), Rank.FIRST, 1);
      } else if (target.transport().isPresent()) {
        byTransport(target.transport().get(), name);
      } else if (!byNaptr(name, transports()) && !bySrv(name)) {
        final CoreTransport transport = otherwise();
        addresses(transport, name, port(transport), Rank.FIRST, 1);
      }
    }

    private int port(CoreTransport transport) {
      return target.port().orElse(transport.defaultPort());
    }

    private void byTransport(CoreTransport transport, Name name) throws IOException {
      final String prefix = PREFIXES.get(transport);
      final boolean found =
          prefix == null
              ? byNaptr(name, Set.of(transport))
              : srv(transport, prefixed(prefix, name), 0, 0);
      if (!found) {
        addresses(transport, name, port(transport), Rank.FIRST, 1);
      }
    }

    /** Whether there was a record that leads to a server. */
    private boolean byNaptr(Name name, Set<CoreTransport> allowed) throws IOException {
      final List<NAPTRRecord> records =
          records(name, Type.NAPTR).stream()
              .map(NAPTRRecord.class::cast)
              .filter(record -> record.getFlags().equalsIgnoreCase("s"))
              .filter(record -> allowed.contains(transport(record)))
              .sorted(
                  Comparator.comparingInt(NAPTRRecord::getOrder)
                      .thenComparingInt(NAPTRRecord::getPreference))
              .toList();
      boolean found = false;
      for (final NAPTRRecord record : records) {
        found |=
            srv(
                transport(record),
                record.getReplacement(),
                record.getOrder(),
                record.getPreference());
      }
      return found;
    }

    private CoreTransport transport(NAPTRRecord record) {
      return SERVICES.get(record.getService().toUpperCase(Locale.ROOT));
    }

    /** UDP before TCP, when DNS leaves it to us. */
    private boolean bySrv(Name name) throws IOException {
      boolean found = false;
      int order = 0;
      for (final Map.Entry<CoreTransport, String> prefix : PREFIXES.entrySet()) {
        final CoreTransport transport = prefix.getKey();
        if (transports().contains(transport) && transport.isSecure() == target.secure()) {
          found |= srv(transport, prefixed(prefix.getValue(), name), order++, 0);
        }
      }
      return found;
    }

    private CoreTransport otherwise() {
      return PREFIXES.keySet().stream()
          .filter(transport -> transports().contains(transport))
          .filter(transport -> transport.isSecure() == target.secure())
          .findFirst()
          .orElseGet(() -> transports().iterator().next());
    }

    private boolean srv(CoreTransport transport, Name name, int order, int preference)
        throws IOException {
      final List<SRVRecord> records =
          records(name, Type.SRV).stream()
              .map(SRVRecord.class::cast)
              .filter(record -> !record.getTarget().equals(Name.root))
              .toList();
      for (final SRVRecord record : records) {
        addresses(
            transport,
            record.getTarget(),
            record.getPort(),
            new Rank(order, preference, record.getPriority()),
            share(record, records));
      }
      return !records.isEmpty();
    }

    private double share(SRVRecord record, List<SRVRecord> all) {
      final List<SRVRecord> rivals =
          all.stream().filter(other -> other.getPriority() == record.getPriority()).toList();
      final double sum = rivals.stream().mapToInt(SRVRecord::getWeight).sum();
      return sum == 0 ? 1.0 / rivals.size() : record.getWeight() / sum;
    }

    /** All addresses of a name share what it gets. */
    private void addresses(CoreTransport transport, Name name, int port, Rank rank, double share)
        throws IOException {
      final List<InetAddress> found = new ArrayList<>();
      final String socket = target.sockets().get(transport);
      if (families.test(socket, false)) {
        found.addAll(addresses(name, Type.A));
      }
      if (families.test(socket, true)) {
        found.addAll(addresses(name, Type.AAAA));
      }
      for (final InetAddress address : found) {
        add(transport, address, port, name.toString(true), rank, share / found.size());
      }
    }

    private List<InetAddress> addresses(Name name, int type) throws IOException {
      final Optional<InetAddress> known = hosts.address(name, type);
      if (known.isPresent()) {
        expire(nowNs + HOSTS_TTL_NS);
        return List.of(known.get());
      }
      return records(name, type).stream()
          .map(
              record ->
                  record instanceof ARecord a ? a.getAddress() : ((AAAARecord) record).getAddress())
          .toList();
    }

    private List<Record> records(Name name, int type) throws IOException {
      final DnsCache.Held held = dns.records(name, type, nowNs);
      expire(held.expiresNs());
      return held.records();
    }

    private void expire(long timeNs) {
      if (timeNs - expiresNs < 0) {
        expiresNs = timeNs;
      }
    }

    private void add(
        CoreTransport transport,
        InetAddress address,
        int port,
        String host,
        Rank rank,
        double share) {
      final InetSocketAddress socketAddress = new InetSocketAddress(address, port);
      servers.putIfAbsent(
          new Key(transport, socketAddress),
          new FoundServer(transport, socketAddress, host.toLowerCase(Locale.ROOT), rank, share));
    }
  }

  private static InetAddress literal(String address) throws IOException {
    return InetAddress.getByName(address);
  }

  private static Name absolute(String host) throws TextParseException {
    return Name.fromString(host, Name.root);
  }

  private static Name prefixed(String prefix, Name name) throws TextParseException {
    return Name.fromString(prefix + name, Name.root);
  }
}
