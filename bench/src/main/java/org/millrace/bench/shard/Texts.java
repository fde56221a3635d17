package org.millrace.bench.shard;

/** What the messages say. */
final class Texts {
  private Texts() {}

  /** ASCII letters in their order, over and over. */
  static byte[] ascii(int length) {
    final byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + i % 26);
    }
    return text;
  }
}
