package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** C-71: what is asked of DNS servers, and what is made of their answers. */
class DnsClientTest {
  private static final Name PBX = Name.fromConstantString("pbx.example.");

  private DnsServer first;
  private DnsServer second;
  private DnsClient client;

  @BeforeEach
  void start() throws IOException {
    first = DnsServer.start();
    second = DnsServer.start();
    client = new DnsClient(List.of(first.address(), second.address()), Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void shouldGiveTheRecordsWithTheirLeastTtl() throws IOException {
    first.has("pbx.example. 300 A 192.0.2.1").has("pbx.example. 200 A 192.0.2.2");
    final DnsLookup.Answer answer = client.ask(PBX, Type.A);
    assertThat(answer.records()).hasSize(2);
    assertThat(answer.ttl()).isEqualTo(200);
    assertThat(second.asked()).isEmpty();
  }

  @Test
  void shouldFollowAliasesAlsoThoseThatAreNotFollowedInTheAnswer() throws IOException {
    first
        .has("pbx.example. 30 CNAME a.example.")
        .has("a.example. 300 CNAME b.example.")
        .has("b.example. 300 A 192.0.2.1");
    final DnsLookup.Answer answer = client.ask(PBX, Type.A);
    assertThat(answer.records()).hasSize(1);
    assertThat(answer.ttl()).isEqualTo(30);
    assertThat(first.asked()).containsExactly("pbx.example. A", "a.example. A", "b.example. A");
  }

  @Test
  void shouldGiveUpOnAliasesThatGoRound() {
    first.has("pbx.example. 30 CNAME a.example.").has("a.example. 30 CNAME pbx.example.");
    assertThatThrownBy(() -> client.ask(PBX, Type.A))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too many aliases");
  }

  @Test
  void shouldTellForHowLongThereIsNothing() throws IOException {
    final DnsLookup.Answer noName = client.ask(PBX, Type.A);
    assertThat(noName.records()).isEmpty();
    assertThat(noName.ttl()).isEqualTo(60);
    first.has("pbx.example. 300 A 192.0.2.1");
    final DnsLookup.Answer noType = client.ask(PBX, Type.NAPTR);
    assertThat(noType.records()).isEmpty();
    assertThat(noType.ttl()).isEqualTo(60);
  }

  @Test
  void shouldAskTheNextServerWhenOneFailsOrIsSilent() throws IOException {
    second.has("pbx.example. 300 A 192.0.2.1");
    first.rcode(Rcode.SERVFAIL);
    assertThat(client.ask(PBX, Type.A).records()).hasSize(1);
    first.silent(true);
    final DnsClient impatient =
        new DnsClient(List.of(first.address(), second.address()), Duration.ofMillis(500));
    assertThat(impatient.ask(PBX, Type.A).records()).hasSize(1);
  }

  @Test
  void shouldTakeATypeThatIsNotImplementedForNothing() throws IOException {
    first.rcode(Rcode.NOTIMP);
    assertThat(client.ask(PBX, Type.NAPTR).records()).isEmpty();
    assertThat(second.asked()).isEmpty();
  }

  @Test
  void shouldFailWhenNobodyAnswers() {
    first.rcode(Rcode.SERVFAIL);
    second.rcode(Rcode.REFUSED);
    assertThatThrownBy(() -> client.ask(PBX, Type.A))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody answers for pbx.example.");
    assertThat(first.asked()).hasSize(2);
    assertThat(second.asked()).hasSize(2);
  }
}
