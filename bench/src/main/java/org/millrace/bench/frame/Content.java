package org.millrace.bench.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** What the text in a frame is like. */
enum Content {
  /** Words of ASCII letters. */
  ASCII(0),

  /**
   * One character in ten is not ASCII: mostly single accented letters within a word, some words of
   * Cyrillic (2 bytes a character) and Han (3), some emoji (4).
   */
  MIXED(10);

  private static final String ACCENTED = "äöüßéèêçñøåłžő";
  private static final String CYRILLIC = "абвгдежзиклмнопрстуя";
  private static final String HAN = "的一是不了人我在有他这中大来上国";
  private static final String EMOJI = "😀🎉📞🚀👍🔥";
  private static final int MOST_TEXTS = 32;
  private static final int MOST_BYTES = 64 * 1024;

  private final int wideShare;

  Content(int wideShare) {
    this.wideShare = wideShare;
  }

  /** The content that a benchmark parameter names. */
  static Content of(String parameter) {
    return valueOf(parameter.toUpperCase(Locale.ROOT));
  }

  /**
   * Texts of {@code size} bytes of UTF-8 each, the same on every run. Together they fit in the
   * second-level cache, so that what is measured is not memory.
   */
  byte[][] texts(int size) {
    final Random random = new Random(size);
    final byte[][] texts = new byte[Math.max(1, Math.min(MOST_TEXTS, MOST_BYTES / size))][];
    Arrays.setAll(texts, i -> text(size, random));
    return texts;
  }

  private byte[] text(int size, Random random) {
    final byte[] text = new byte[size];
    int length = 0;
    int characters = 0;
    int wide = 0;
    while (true) {
      final boolean plain = wide * 100 >= characters * wideShare;
      final String word = plain ? asciiWord(random) : wideWord(random);
      final byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      if (length + bytes.length > size) {
        Arrays.fill(text, length, size, (byte) '.');
        return text;
      }
      System.arraycopy(bytes, 0, text, length, bytes.length);
      length += bytes.length;
      characters += word.codePointCount(0, word.length());
      wide += (int) word.codePoints().filter(c -> c > 0x7F).count();
    }
  }

  private static String asciiWord(Random random) {
    final StringBuilder word = new StringBuilder();
    for (int letters = 2 + random.nextInt(8); letters > 0; letters--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.append(' ').toString();
  }

  private static String wideWord(Random random) {
    final int kind = random.nextInt(10);
    if (kind == 0) {
      return pick(EMOJI, 1, random) + " ";
    }
    if (kind <= 2) {
      return pick(HAN, 2 + random.nextInt(3), random) + " ";
    }
    if (kind == 3) {
      return pick(CYRILLIC, 3 + random.nextInt(5), random) + " ";
    }
    final String word = asciiWord(random);
    final int at = random.nextInt(word.length() - 1);
    return word.substring(0, at) + pick(ACCENTED, 1, random) + word.substring(at + 1);
  }

  private static String pick(String alphabet, int count, Random random) {
    final int[] characters = alphabet.codePoints().toArray();
    final StringBuilder picked = new StringBuilder();
    for (int i = 0; i < count; i++) {
      picked.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return picked.toString();
  }
}
