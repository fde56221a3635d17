package org.millrace.jetty.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Asks DNS servers. Waits for them, so it is for a thread that has time. */
final class DnsClient implements DnsLookup {
  private static final int ROUNDS = 2;
  private static final int MOST_ALIASES = 8;

  /** More than anybody has; a flood of them must not become a flood of targets. */
  private static final int MOST_RECORDS = 64;

  /** A server that does not implement a type says that there is nothing of it. */
  private static final Set<Integer> ANSWERS = Set.of(Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.NOTIMP);

  private final List<InetSocketAddress> servers;
  private final Duration timeout;

  /**
   * @param servers in the order of asking; empty for those of the system.
   * @param timeout for one server's answer.
   */
  DnsClient(List<InetSocketAddress> servers, Duration timeout) {
    this.servers = servers;
    this.timeout = timeout;
  }

  @Override
  public Answer ask(Name name, int type) throws IOException {
    Name wanted = name;
    long ttl = Long.MAX_VALUE;
    Message message = send(wanted, type);
    boolean fresh = true;
    for (int aliases = 0; aliases <= MOST_ALIASES; aliases++) {
      final Name owner = wanted;
      final List<Record> records = records(message, owner, type);
      if (!records.isEmpty()) {
        return new Answer(records, Math.min(ttl, least(records)));
      }
      final List<Record> alias = records(message, owner, Type.CNAME);
      if (!alias.isEmpty()) {
        wanted = ((CNAMERecord) alias.get(0)).getTarget();
        ttl = Math.min(ttl, alias.get(0).getTTL());
        fresh = false;
      } else if (fresh) {
        return new Answer(List.of(), Math.min(ttl, negativeTtl(message)));
      } else {
        message = send(wanted, type);
        fresh = true;
      }
    }
    throw new IOException(name + ": too many aliases");
  }

  private static List<Record> records(Message message, Name owner, int type) {
    return message.getSection(Section.ANSWER).stream()
        .filter(record -> record.getType() == type && record.getName().equals(owner))
        .limit(MOST_RECORDS)
        .toList();
  }

  private static long least(List<Record> records) {
    return records.stream().mapToLong(Record::getTTL).min().orElse(0);
  }

  /** RFC 2308 section 5; 0 if the answer does not say. */
  private static long negativeTtl(Message message) {
    return message.getSection(Section.AUTHORITY).stream()
        .filter(SOARecord.class::isInstance)
        .mapToLong(soa -> Math.min(soa.getTTL(), ((SOARecord) soa).getMinimum()))
        .min()
        .orElse(0);
  }

  /** The first answer that says whether there is such a name. */
  private Message send(Name name, int type) throws IOException {
    final Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    IOException failure = new IOException("there is no DNS server");
    for (int round = 0; round < ROUNDS; round++) {
      for (final InetSocketAddress server : servers()) {
        try {
          final Message message = resolver(server).send(query);
          if (ANSWERS.contains(message.getRcode())) {
            return message;
          }
          failure = new IOException(server + " says " + Rcode.string(message.getRcode()));
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    ResolverConfig.refresh(); // the system may have others by now
    throw new IOException(
        "nobody answers for "
            + name
            + ": "
            + Objects.requireNonNullElse(failure.getMessage(), failure),
        failure);
  }

  private List<InetSocketAddress> servers() {
    return servers.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : servers;
  }

  private SimpleResolver resolver(InetSocketAddress server) {
    final SimpleResolver resolver = new SimpleResolver(server);
    resolver.setTimeout(timeout);
    return resolver;
  }
}
