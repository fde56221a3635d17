package org.millrace.bench.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is measured does what it says. */
class SipRewriteBenchmarkTest {
  private final SipRewriteBenchmark benchmark = new SipRewriteBenchmark();

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  void theInviteGetsWhatTheSpecificationSaysAndNothingElse() {
    benchmark.prepare();
    assertThat(benchmark.inviteToCore()).isPositive();
    final String sent = text(benchmark.sentToCore());
    assertThat(sent.lines().filter(line -> line.startsWith("Via:"))).hasSize(2);
    assertThat(sent.lines().filter(line -> line.startsWith("Record-Route:"))).hasSize(2);
    assertThat(sent).contains("Max-Forwards: 68\r\n");
    final String untouched = text(Calls.invite());
    assertThat(sent).endsWith(untouched.substring(untouched.indexOf("To: ")));
  }

  @Test
  void theAnswerLosesItsTopmostVia() {
    benchmark.prepare();
    assertThat(benchmark.okToClient()).isPositive();
    assertThat(text(benchmark.sentToClient()).lines().filter(line -> line.startsWith("Via:")))
        .containsExactly("Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK4711002");
  }

  @Test
  void theMessagesAreOfTheSizeThatIsPromised() {
    assertThat(Calls.invite().length).isBetween(680, 760);
  }

  @Test
  void theReferenceStackWritesWhatItRead() throws Exception {
    benchmark.prepare();
    assertThat(text(benchmark.inviteJainSip()))
        .startsWith("INVITE sip:bob@example.com SIP/2.0\r\n");
    assertThat(text(benchmark.okJainSip())).contains("CSeq: 1 INVITE\r\n");
  }
}
