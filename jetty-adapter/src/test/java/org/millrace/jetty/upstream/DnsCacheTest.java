package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** C-71: TTL with a floor and a ceiling, negative answers, the last answer when nobody answers. */
class DnsCacheTest {
  private static final Name PBX = Name.fromConstantString("pbx.example.");

  private long ttl = 60;
  private boolean nobodyAnswers;
  private List<Record> records = List.of(Record.newRecord(PBX, Type.A, DClass.IN));
  private int asked;
  private final DnsCache cache =
      new DnsCache(this::ask, Duration.ofSeconds(5), Duration.ofHours(1));

  private DnsLookup.Answer ask(Name name, int type) throws IOException {
    asked++;
    if (nobodyAnswers) {
      throw new IOException("nobody answers");
    }
    return new DnsLookup.Answer(records, ttl);
  }

  private DnsCache.Held at(long second) throws IOException {
    return cache.records(PBX, Type.A, Duration.ofSeconds(second).toNanos());
  }

  private static long seconds(DnsCache.Held held) {
    return Duration.ofNanos(held.expiresNs()).toSeconds();
  }

  @Test
  void shouldAskAgainWhenTheTtlIsOverAndNotBefore() throws IOException {
    assertThat(seconds(at(0))).isEqualTo(60);
    at(59);
    assertThat(asked).isEqualTo(1);
    at(60);
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void shouldHoldTtlsWithinTheirBounds() throws IOException {
    ttl = 0;
    assertThat(seconds(at(0))).isEqualTo(5);
    ttl = 1_000_000;
    assertThat(seconds(at(5))).isEqualTo(5 + 3600);
  }

  @Test
  void shouldRememberThatThereIsNothing() throws IOException {
    records = List.of();
    assertThat(at(0).records()).isEmpty();
    assertThat(at(59).records()).isEmpty();
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void shouldUseTheLastAnswerOnWhenNobodyAnswers() throws IOException {
    at(0);
    nobodyAnswers = true;
    assertThat(at(60).records()).hasSize(1);
    assertThat(seconds(at(60))).isEqualTo(65);
    assertThat(asked).as("not at each look").isEqualTo(2);
    nobodyAnswers = false;
    records = List.of();
    assertThat(at(65).records()).isEmpty();
  }

  @Test
  void shouldFailWhenNobodyEverAnswered() {
    nobodyAnswers = true;
    assertThatThrownBy(() -> at(0)).isInstanceOf(IOException.class);
  }
}
