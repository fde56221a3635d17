package org.millrace.engine.sip;

import java.util.List;

/**
 * Proves that an alias is ours (C-52): {@code aliasmac}, 16 hexadecimal digits of an HMAC over the
 * alias's text. One thread at a time.
 */
final class AliasMac {
  static final int DIGITS = 16;

  private static final byte[] LABEL = Octets.ascii("alias1");
  private static final byte[] HEX = Octets.ascii("0123456789abcdef");

  private final HmacSha256[] keys;
  private final byte[] digits = new byte[DIGITS];

  /**
   * @param keys with the first of them new aliases are made; all verify.
   */
  AliasMac(List<byte[]> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("keys: must be one or more");
    }
    this.keys = keys.stream().map(HmacSha256::new).toArray(HmacSha256[]::new);
  }

  /** A new array. */
  byte[] hex(byte[] text) {
    write(keys[0].begin().update(LABEL).update(text).end());
    return digits.clone();
  }

  boolean verify(byte[] buffer, int textOffset, int textLength, int offset, int length) {
    if (length != DIGITS) {
      return false;
    }
    for (final HmacSha256 key : keys) {
      write(key.begin().update(LABEL).update(buffer, textOffset, textLength).end());
      int difference = 0;
      for (int i = 0; i < DIGITS; i++) {
        difference |= digits[i] ^ buffer[offset + i]; // all, so that time tells nothing
      }
      if (difference == 0) {
        return true;
      }
    }
    return false;
  }

  private void write(byte[] mac) {
    for (int i = 0; i < DIGITS; i++) {
      digits[i] = HEX[(mac[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xF];
    }
  }
}
