package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceUtf8;
import org.millrace.engine.reference.Utf8Vector;

/** What concerns frames, UT-30 to UT-33, is in {@link FrameDecoderTest}. */
class Utf8Test {
  private static final int LAST_OFFSET = 300;

  /** First and last byte of every class that RFC 3629 tells apart. */
  private static final int[] BOUNDARIES = {
    0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
    0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  private final ByteBuffer buffer = DecoderDriver.direct(1024);
  private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer chars = CharBuffer.allocate(8);
  private final byte[] sequence = new byte[4];
  private final ByteBuffer wrapped = ByteBuffer.wrap(sequence);

  static List<Utf8Vector> vectors() {
    return Utf8Vector.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void tellsValidFromInvalidAtEverySplit(Utf8Vector vector) {
    for (int offset = 0; offset < Long.BYTES; offset++) {
      assertAllSplits(vector.text(), offset, vector.impossibleAt() == 0);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void rejectsAtTheImpossibleByte(Utf8Vector vector) {
    put(vector.text(), 1);
    int state = Utf8.ACCEPT;
    for (int i = 0; i < vector.text().length(); i++) {
      state = Utf8.validate(buffer, 1 + i, 1, state);
      final boolean impossible = vector.impossibleAt() != 0 && i + 1 >= vector.impossibleAt();
      assertThat(state == Utf8.REJECT).as("after byte %d", i + 1).isEqualTo(impossible);
    }
  }

  @Test
  void agreesWithTheStrictJdkDecoderOnEverySequenceOfUpToThreeBytes() {
    for (int length = 1; length <= 3; length++) {
      for (int value = 0; value < 1 << (8 * length); value++) {
        for (int i = 0; i < length; i++) {
          sequence[i] = (byte) (value >> (8 * (length - 1 - i)));
        }
        assertAgreesWithJdk(length);
      }
    }
  }

  @Test
  void agreesWithTheStrictJdkDecoderOnFourBytesWithLeadF0ToF4() {
    for (int lead = 0xF0; lead <= 0xF4; lead++) {
      for (int second = 0; second <= 0xFF; second++) {
        for (int third : BOUNDARIES) {
          for (int fourth : BOUNDARIES) {
            sequence[0] = (byte) lead;
            sequence[1] = (byte) second;
            sequence[2] = (byte) third;
            sequence[3] = (byte) fourth;
            assertAgreesWithJdk(4);
          }
        }
      }
    }
  }

  @Test
  void acceptsEveryCodePointAndNoSurrogate() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      final boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
      final int length = encode(codePoint);
      buffer.put(5, sequence, 0, length);
      if (Utf8.isValid(buffer, 5, length) == surrogate) {
        assertThat(codePoint).as("wrong verdict for this code point").isNegative();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c0",
        "c3 41",
        "e2 82 41",
        "f0 9f 98 41",
        "e0 9f",
        "ed a0 80",
        "f0 8f",
        "f4 90",
        "f5",
        "ff"
      })
  void findsABadSequenceAtEveryOffset(String bad) {
    for (Bytes text : texts()) {
      for (int at = 0; at <= LAST_OFFSET; at++) {
        final Bytes broken = replaced(text, at, Bytes.ofHex(bad));
        final int impossibleAt = ReferenceUtf8.impossibleAt(broken);
        put(broken, at & 7);
        assertThat(Utf8.isValid(buffer, at & 7, broken.length()))
            .isEqualTo(ReferenceUtf8.isValid(broken));
        if (impossibleAt < 0) {
          assertThat(bad).as("the only one that other text can make good").isEqualTo("80");
          continue;
        }
        assertThat(Utf8.validate(buffer, at & 7, impossibleAt, Utf8.ACCEPT)).isEqualTo(Utf8.REJECT);
        assertThat(Utf8.validate(buffer, at & 7, impossibleAt - 1, Utf8.ACCEPT))
            .isNotEqualTo(Utf8.REJECT);
        for (int split = at; split <= at + 4; split++) {
          final int state = Utf8.validate(buffer, at & 7, split, Utf8.ACCEPT);
          final int rest = broken.length() - split;
          assertThat(Utf8.validate(buffer, (at & 7) + split, rest, state)).isEqualTo(Utf8.REJECT);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c3 a9", "e2 82 ac", "ed 9f bf", "f0 9f 98 80", "f4 8f bf bf"})
  void acceptsACodePointAtEveryOffsetAndMissesItsEndAtEveryEnd(String codePoint) {
    final Bytes bytes = Bytes.ofHex(codePoint);
    final Bytes ascii = ascii();
    for (int at = 0; at <= LAST_OFFSET; at++) {
      final Bytes text = replaced(ascii, at, bytes);
      put(text, 3);
      assertThat(Utf8.isValid(buffer, 3, text.length())).isTrue();
      for (int cut = 1; cut < bytes.length(); cut++) {
        assertThat(Utf8.validate(buffer, 3, at + cut, Utf8.ACCEPT))
            .isNotIn(Utf8.ACCEPT, Utf8.REJECT);
      }
    }
  }

  @Test
  void givesTheSameVerdictAtEverySplitOfLongTexts() {
    for (Bytes text : texts()) {
      assertAllSplits(text, 1, ReferenceUtf8.isValid(text));
      for (int at = 0; at <= LAST_OFFSET; at += 7) {
        assertAllSplits(replaced(text, at, Bytes.of(0xFF)), at & 7, false);
      }
    }
  }

  @Test
  void knowsWhetherEveryPrefixMayStillBecomeValid() {
    for (Bytes text : texts()) {
      put(text, 2);
      final ReferenceUtf8 reference = new ReferenceUtf8();
      for (int length = 1; length <= text.length(); length++) {
        reference.accept(text.get(length - 1));
        final int state = Utf8.validate(buffer, 2, length, Utf8.ACCEPT);
        assertThat(state == Utf8.ACCEPT).isEqualTo(reference.isComplete());
        assertThat(state == Utf8.REJECT).isEqualTo(reference.isImpossible());
      }
    }
  }

  @Test
  void staysRejectedWhateverFollows() {
    put(ascii(), 0);
    for (int length : new int[] {0, 1, 7, 8, 31, 32, 33, 127, 128, 129, 300}) {
      assertThat(Utf8.validate(buffer, 0, length, Utf8.REJECT)).isEqualTo(Utf8.REJECT);
    }
  }

  @Test
  void acceptsAnEmptyTextAndKeepsItsStateOverAnEmptyPiece() {
    put(Bytes.ofHex("e2 82 ac"), 0);
    assertThat(Utf8.isValid(buffer, 0, 0)).isTrue();
    final int open = Utf8.validate(buffer, 0, 2, Utf8.ACCEPT);

    assertThat(Utf8.validate(buffer, 2, 0, open)).isEqualTo(open);
    assertThat(Utf8.validate(buffer, 2, 1, open)).isEqualTo(Utf8.ACCEPT);
  }

  @Test
  void looksAtNoByteBehindTheEnd() {
    put(ascii(), 0);
    for (int length = 0; length <= LAST_OFFSET; length++) {
      final ByteBuffer exact = buffer.slice(0, length).order(ByteOrder.nativeOrder());
      assertThat(Utf8.isValid(exact, 0, length)).isTrue();
    }
  }

  /** ASCII, text of one script, and a mix whose period is prime to all block sizes. */
  private static List<Bytes> texts() {
    return List.of(
        ascii(),
        Bytes.utf8("Ж".repeat(160)),
        Bytes.utf8("aé€😀 sip:" + "b".repeat(34)).followedBy(Bytes.utf8("aé€😀7".repeat(30))));
  }

  private static Bytes ascii() {
    return Bytes.utf8("INVITE sip:b@example.com SIP/2.0\r\n".repeat(10));
  }

  private static Bytes replaced(Bytes text, int at, Bytes by) {
    return Bytes.concat(
        List.of(text.slice(0, at), by, text.slice(at + by.length(), text.length())));
  }

  private void assertAllSplits(Bytes text, int offset, boolean valid) {
    put(text, offset);
    final int length = text.length();
    final int whole = Utf8.validate(buffer, offset, length, Utf8.ACCEPT);
    assertThat(whole == Utf8.ACCEPT).as("%s", text).isEqualTo(valid);
    for (int split = 0; split <= length; split++) {
      final int state = Utf8.validate(buffer, offset, split, Utf8.ACCEPT);
      assertThat(Utf8.validate(buffer, offset + split, length - split, state))
          .as("%s split at %d", text, split)
          .isEqualTo(whole);
    }
  }

  private void assertAgreesWithJdk(int length) {
    final boolean valid =
        !jdk.reset().decode(wrapped.clear().limit(length), chars.clear(), true).isError();
    buffer.put(0, sequence, 0, length);
    if (Utf8.isValid(buffer, 0, length) != valid) {
      assertThat(Bytes.of(sequence).slice(0, length)).as("valid is %s", valid).isNull();
    }
  }

  /** By the bit patterns alone, so that surrogates can be encoded too. */
  private int encode(int codePoint) {
    final int length = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    if (length == 1) {
      sequence[0] = (byte) codePoint;
      return length;
    }
    for (int i = 1; i < length; i++) {
      sequence[i] = (byte) (0x80 | ((codePoint >> (6 * (length - 1 - i))) & 0x3F));
    }
    sequence[0] = (byte) ((0xF00 >> length) | (codePoint >> (6 * (length - 1))));
    return length;
  }

  private void put(Bytes text, int offset) {
    buffer.put(offset, text.toArray());
  }
}
