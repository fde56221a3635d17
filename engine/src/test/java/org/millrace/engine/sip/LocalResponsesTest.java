package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Answers to requests made here are told apart from those that are to be forwarded. */
class LocalResponsesTest {
  private final List<String> answers = new ArrayList<>();
  private final LocalResponses responses =
      new LocalResponses(
          (branch, status, retryAfter) -> answers.add(branch + " " + status + " " + retryAfter));

  private boolean take(String branch, String more) {
    final byte[] bytes =
        crlf("SIP/2.0 503 No\nVia: SIP/2.0/UDP a;branch="
                + branch
                + "\nFrom: <sip:a@x>;tag=1\nTo: <sip:b@x>;tag=2\nCall-ID: c\nCSeq: 1 OPTIONS\n"
                + more
                + "\n")
            .getBytes(US_ASCII);
    return responses.onResponse(new CoreHop(), new UnsafeBuffer(bytes), 0, bytes.length);
  }

  @Test
  void shouldHandOnWhatHasTheMark() {
    assertThat(take("z9hG4bKh1.abc", "")).isTrue();
    assertThat(take("Z9HG4BKH1.abc", "Retry-After: 120 (soon)\n")).isTrue();
    assertThat(take("z9hG4bKh1.abc", "Retry-Afterwards: 1\nretry-after : 99999999999\n")).isTrue();
    assertThat(take("z9hG4bKh1.abc", "Retry-After: soon\n")).isTrue();
    assertThat(answers)
        .containsExactly(
            "z9hG4bKh1.abc 503 -1",
            "Z9HG4BKH1.abc 503 120",
            "z9hG4bKh1.abc 503 86400",
            "z9hG4bKh1.abc 503 0");
  }

  @Test
  void shouldLeaveEverythingElseAlone() {
    assertThat(take("z9hG4bKh1", "")).isFalse();
    assertThat(take("z9hG4bKh1.", "")).isFalse();
    assertThat(take("z9hG4bKm1.abc", "")).isFalse();
    assertThat(take("z9hG4bKh1." + "x".repeat(100), "")).isFalse();
    assertThat(take("z9hG4bKh1.abc", "CSeq: 2 OPTIONS\n")).isFalse();
    assertThat(answers).isEmpty();
  }
}
