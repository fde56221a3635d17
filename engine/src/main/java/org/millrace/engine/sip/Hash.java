package org.millrace.engine.sip;

/**
 * Hashes of bytes in 64 bits: FNV-1a, mixed so that all bits are good. The same in every process,
 * so that nodes agree; nobody must rely on them where a text can be chosen to collide.
 */
final class Hash {
  static final long EMPTY = 0xCBF2_9CE4_8422_2325L;

  private static final long PRIME = 0x100_0000_01B3L;

  private Hash() {}

  /** Goes on with one more byte; the result is to be {@link #mix}ed. */
  static long add(long hash, int b) {
    return (hash ^ (b & 0xFF)) * PRIME;
  }

  static long add(long hash, byte[] buffer, int offset, int length) {
    long result = hash;
    for (int i = offset; i < offset + length; i++) {
      result = add(result, buffer[i]);
    }
    return result;
  }

  static long add(long hash, byte[] bytes, int length) {
    long result = hash;
    for (int i = 0; i < length; i++) {
      result = add(result, bytes[i]);
    }
    return result;
  }

  /** In lower case. */
  static long addLower(long hash, byte[] buffer, int offset, int length) {
    long result = hash;
    for (int i = offset; i < offset + length; i++) {
      result = add(result, Octets.lower(buffer[i]));
    }
    return result;
  }

  /** Spreads what differs over all bits. */
  static long mix(long value) {
    long x = value;
    x = (x ^ (x >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    x = (x ^ (x >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return x ^ (x >>> 33);
  }
}
