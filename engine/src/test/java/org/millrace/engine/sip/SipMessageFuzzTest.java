package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.millrace.engine.frame.Opcode;

/** Any bytes: parsed within their range, and through the core without an error. */
@Tag("fuzz")
class SipMessageFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void staysWithinItsBytes(byte[] input) {
    final byte[] around = new byte[input.length + 32];
    Arrays.fill(around, (byte) ' ');
    System.arraycopy(input, 0, around, 16, input.length);
    final SipMessage message = new SipMessage();
    final SipDefect defect = message.parse(new UnsafeBuffer(around), 16, input.length);
    if (defect == SipDefect.NONE) {
      assertThat(message.offset()).isGreaterThanOrEqualTo(16);
      assertThat(message.bodyLength()).isNotNegative();
      assertThat(message.end()).isLessThanOrEqualTo(16 + input.length);
      assertThat(message.headerEnd()).isLessThanOrEqualTo(message.bodyOffset());
      // what is around it must not have mattered
      Arrays.fill(around, 0, 16, (byte) '\r');
      Arrays.fill(around, 16 + input.length, around.length, (byte) '\n');
      assertThat(message.parse(new UnsafeBuffer(around), 16, input.length)).isEqualTo(defect);
    }
    try (SipRig rig = new SipRig()) {
      final SipClient alice = rig.open("alice");
      rig.open("bob").registered();
      alice.says(input, Opcode.BINARY);
      alice.hearsAll();
    }
  }
}
