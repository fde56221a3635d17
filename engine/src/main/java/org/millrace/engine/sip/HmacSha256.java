package org.millrace.engine.sip;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;

/**
 * HMAC-SHA-256 (RFC 2104) that allocates nothing, which {@code javax.crypto.Mac} does for every
 * result. One text at a time, one thread at a time.
 */
final class HmacSha256 {
  static final int LENGTH = 32;

  private static final int BLOCK = 64;

  private final MessageDigest digest = sha256();
  private final byte[] inner = new byte[BLOCK];
  private final byte[] outer = new byte[BLOCK];
  private final byte[] hash = new byte[LENGTH];
  private final byte[] piece = new byte[256];

  HmacSha256(byte[] key) {
    final byte[] block = key.length > BLOCK ? sha256().digest(key) : key;
    for (int i = 0; i < BLOCK; i++) {
      final int b = i < block.length ? block[i] : 0;
      inner[i] = (byte) (b ^ 0x36);
      outer[i] = (byte) (b ^ 0x5C);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  HmacSha256 begin() {
    digest.reset();
    digest.update(inner);
    return this;
  }

  HmacSha256 update(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
    return this;
  }

  HmacSha256 update(byte[] bytes) {
    return update(bytes, 0, bytes.length);
  }

  HmacSha256 update(DirectBuffer buffer, int offset, int length) {
    int at = offset;
    int left = length;
    while (left > 0) {
      final int count = Math.min(left, piece.length);
      buffer.getBytes(at, piece, 0, count);
      digest.update(piece, 0, count);
      at += count;
      left -= count;
    }
    return this;
  }

  /** In lower case. */
  HmacSha256 updateLower(DirectBuffer buffer, int offset, int length) {
    for (int i = 0; i < length; i++) {
      digest.update(Octets.lower(buffer.getByte(offset + i)));
    }
    return this;
  }

  /** Four bytes, big-endian. */
  HmacSha256 updateInt(int value) {
    digest.update((byte) (value >>> 24));
    digest.update((byte) (value >>> 16));
    digest.update((byte) (value >>> 8));
    digest.update((byte) value);
    return this;
  }

  /**
   * Ends the text.
   *
   * @return {@value #LENGTH} bytes that are valid until the next text ends.
   */
  byte[] end() {
    try {
      digest.digest(hash, 0, LENGTH);
      digest.update(outer);
      digest.update(hash);
      digest.digest(hash, 0, LENGTH);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    return hash;
  }
}
