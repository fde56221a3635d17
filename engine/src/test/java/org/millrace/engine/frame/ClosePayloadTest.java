package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.reference.ReferenceUtf8;

class ClosePayloadTest {
  private static final int LAST_CODE = 65_535;

  private final ByteBuffer buffer = DecoderDriver.direct(256);

  /** Requirement A-46, row by row; codes of no row are those of its row "0-999, ...". */
  @ParameterizedTest(name = "A-46 {0} to {1}: received {2}, sent by server {3}, by client {4}")
  @CsvSource({
    "0, 999, false, false, false",
    "1000, 1003, true, true, true",
    "1004, 1006, false, false, false",
    "1007, 1009, true, true, true",
    "1010, 1010, true, false, true",
    "1011, 1014, true, true, true",
    "1015, 1015, false, false, false",
    "1016, 2999, false, false, false",
    "3000, 3999, true, true, true",
    "4000, 4999, true, true, true",
    "5000, 65535, false, false, false"
  })
  void knowsWhoMayUseEveryCode(
      int first, int last, boolean received, boolean server, boolean client) {
    for (int code = first; code <= last; code++) {
      assertThat(CloseCode.mayBeReceived(code)).as("%d", code).isEqualTo(received);
      assertThat(CloseCode.mayBeSent(code, Role.SERVER)).as("%d", code).isEqualTo(server);
      assertThat(CloseCode.mayBeSent(code, Role.CLIENT)).as("%d", code).isEqualTo(client);
      assertThat(check(Bytes.of(code >> 8, code), code & 7))
          .as("%d", code)
          .isEqualTo(received ? null : Violation.CLOSE_CODE_ILLEGAL);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failsWithACodeThatThisSideMaySend(Violation violation) {
    assertThat(CloseCode.mayBeSent(violation.closeCode(), Role.SERVER)).isTrue();
    assertThat(CloseCode.mayBeSent(violation.closeCode(), Role.CLIENT)).isTrue();
  }

  /** WS-26, WS-34 and the ends of the code space: the code is read as it was sent. */
  @Test
  void readsEveryCode() {
    for (int code = 0; code <= LAST_CODE; code++) {
      put(Bytes.of(code >> 8, code), 1);
      assertThat(ClosePayload.code(buffer, 1, 2)).isEqualTo(code);
    }
  }

  /** WS-27. */
  @Test
  void takesAnEmptyPayloadAsNoStatus() {
    assertThat(ClosePayload.check(buffer, 5, 0)).isNull();
    assertThat(ClosePayload.code(buffer, 5, 0)).isEqualTo(1005);
    assertThat(ClosePayload.reason(buffer, 5, 0)).isEmpty();
    assertThat(ClosePayload.encode(1005, "not sent")).isEmpty();
  }

  /** WS-31. */
  @Test
  void failsOnAPayloadOfOneByte() {
    for (int b = 0; b <= 0xFF; b++) {
      assertThat(check(Bytes.of(b), 1)).isEqualTo(Violation.CLOSE_PAYLOAD_TRUNCATED);
    }
    assertThat(Violation.CLOSE_PAYLOAD_TRUNCATED.closeCode()).isEqualTo(1002);
  }

  /** WS-32. */
  @ParameterizedTest(name = "WS-32 {0}")
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, LAST_CODE})
  void failsOnAnIllegalCode(int code) {
    assertThat(check(ReferenceEncoder.closePayload(code, ""), 0))
        .isEqualTo(Violation.CLOSE_CODE_ILLEGAL);
    assertThat(check(ReferenceEncoder.closePayload(code, "reason"), 0))
        .isEqualTo(Violation.CLOSE_CODE_ILLEGAL);
    assertThat(check(Bytes.of(code >> 8, code, 0xFF), 0)).isEqualTo(Violation.CLOSE_CODE_ILLEGAL);
    assertThat(Violation.CLOSE_CODE_ILLEGAL.closeCode()).isEqualTo(1002);
  }

  /** WS-33. */
  @Test
  void failsOnAReasonThatIsNotUtf8() {
    assertThat(check(Bytes.ofHex("03 e8 d8 7d fb 67 96"), 3))
        .isEqualTo(Violation.CLOSE_REASON_NOT_UTF8);
    assertThat(check(Bytes.ofHex("03 e8 e2 82"), 3)).isEqualTo(Violation.CLOSE_REASON_NOT_UTF8);
    assertThat(Violation.CLOSE_REASON_NOT_UTF8.closeCode()).isEqualTo(1007);
    final Bytes longest = ReferenceEncoder.closePayload(1000, "x".repeat(123));
    for (int bad = 2; bad < longest.length(); bad++) {
      assertThat(check(longest.with(bad, 0xFF), bad & 7))
          .isEqualTo(Violation.CLOSE_REASON_NOT_UTF8);
    }
  }

  @ParameterizedTest(name = "WS-33 reason \"{0}\"")
  @ValueSource(strings = {"b", "bye", "Ж€😀", "\u0000", "\uFEFFbye"})
  void readsAReason(String reason) {
    final Bytes payload = ReferenceEncoder.closePayload(1000, reason);

    assertThat(check(payload, 7)).isNull();
    assertThat(ClosePayload.code(buffer, 7, payload.length())).isEqualTo(1000);
    assertThat(ClosePayload.reason(buffer, 7, payload.length())).isEqualTo(reason);
    assertThat(Bytes.of(ClosePayload.encode(1000, reason))).isEqualTo(payload);
  }

  @Test
  void acceptsALegalCodeWithTheLongestReason() {
    final String reason = "x".repeat(ClosePayload.MAX_REASON_LENGTH);
    final byte[] payload = ClosePayload.encode(4999, reason);

    assertThat(payload).hasSize(125);
    assertThat(check(Bytes.of(payload), 1)).isNull();
    assertThat(ClosePayload.reason(buffer, 1, payload.length)).isEqualTo(reason);
  }

  /** UT-34. */
  @Test
  void cutsAReasonOfEuroSignsAt41() {
    assertThat(Bytes.of(ClosePayload.encode(1000, "€".repeat(60))))
        .isEqualTo(Bytes.of(0x03, 0xE8).followedBy(Bytes.utf8("€".repeat(41))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "€", "😀"})
  void cutsAReasonBetweenTwoCodePointsAndNoEarlier(String character) {
    final int width = character.getBytes(StandardCharsets.UTF_8).length;
    for (int ascii = 0; ascii <= ClosePayload.MAX_REASON_LENGTH + 1; ascii++) {
      final String reason = "a".repeat(ascii) + character.repeat(130);
      final Bytes whole = Bytes.utf8(reason);
      final Bytes payload = Bytes.of(ClosePayload.encode(1001, reason));
      final int length = payload.length() - 2;

      assertThat(payload).isEqualTo(Bytes.of(0x03, 0xE9).followedBy(whole.slice(0, length)));
      assertThat(ReferenceUtf8.isValid(payload.slice(2, payload.length()))).isTrue();
      assertThat(length).isBetween(ClosePayload.MAX_REASON_LENGTH - width + 1, 123);
    }
  }

  private Violation check(Bytes payload, int offset) {
    put(payload, offset);
    return ClosePayload.check(buffer, offset, payload.length());
  }

  private void put(Bytes payload, int offset) {
    buffer.put(offset, payload.toArray());
  }
}
