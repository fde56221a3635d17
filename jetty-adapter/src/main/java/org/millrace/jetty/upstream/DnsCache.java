package org.millrace.jetty.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Answers of DNS for as long as they hold, also that there is nothing (C-71). When nobody answers,
 * the last answer holds on. For one thread.
 */
final class DnsCache {
  private static final Logger LOG = LoggerFactory.getLogger(DnsCache.class);

  /** Names that nobody asks for any more are forgotten. */
  private static final long FORGOTTEN_NS = Duration.ofDays(1).toNanos();

  private record Question(Name name, int type) {}

  /**
   * An answer.
   *
   * @param expiresNs until which it holds.
   */
  record Held(List<Record> records, long expiresNs) {}

  private final DnsLookup lookup;
  private final Duration minTtl;
  private final Duration maxTtl;
  private final Map<Question, Held> answers = new HashMap<>();

  /**
   * @param minTtl shorter TTLs are taken for this one.
   * @param maxTtl longer ones for this one.
   */
  DnsCache(DnsLookup lookup, Duration minTtl, Duration maxTtl) {
    this.lookup = lookup;
    this.minTtl = minTtl;
    this.maxTtl = maxTtl;
  }

  /**
   * The records of a name, asked for if they are not known.
   *
   * @throws IOException if nobody answers, and nobody ever has.
   */
  Held records(Name name, int type, long nowNs) throws IOException {
    final Question question = new Question(name, type);
    final Held known = answers.get(question);
    if (known != null && known.expiresNs - nowNs > 0) {
      return known;
    }
    final Held now = ask(question, known, nowNs);
    answers.put(question, now);
    answers.values().removeIf(held -> nowNs - held.expiresNs > FORGOTTEN_NS);
    return now;
  }

  private Held ask(Question question, Held known, long nowNs) throws IOException {
    try {
      final DnsLookup.Answer answer = lookup.ask(question.name, question.type);
      final long ttl = Math.max(minTtl.toSeconds(), Math.min(answer.ttl(), maxTtl.toSeconds()));
      return new Held(answer.records(), nowNs + Duration.ofSeconds(ttl).toNanos());
    } catch (IOException e) {
      if (known == null) {
        throw e;
      }
      LOG.warn(
          "dns: {} {}: {}; what was known before holds on",
          question.name,
          Type.string(question.type),
          e.getMessage());
      return new Held(known.records, nowNs + minTtl.toNanos());
    }
  }
}
