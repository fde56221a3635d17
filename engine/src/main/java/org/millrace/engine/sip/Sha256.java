package org.millrace.engine.sip;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of a text that is put together from pieces; allocates nothing. One text at a time, one
 * thread at a time.
 *
 * <p>Pieces are gathered here and given to the digest in few calls, because each call costs more
 * than the bytes of a short piece do.
 */
class Sha256 {
  /** Bytes of a hash. */
  static final int LENGTH = 32;

  static final int BLOCK = 64;

  private static final int GATHERED = 8 * BLOCK;

  private final MessageDigest digest = newDigest();
  private final byte[] text = new byte[GATHERED];
  private final byte[] hash = new byte[LENGTH];
  private int length;
  private boolean begun;

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Begins a text; one that has not been ended is forgotten. */
  Sha256 begin() {
    if (begun) {
      digest.reset();
      begun = false;
    }
    length = 0;
    return this;
  }

  final Sha256 update(byte[] bytes) {
    return update(bytes, 0, bytes.length);
  }

  final Sha256 update(byte[] bytes, int offset, int count) {
    if (count > GATHERED - length) {
      flush();
      if (count > GATHERED) {
        digest.update(bytes, offset, count);
        return this;
      }
    }
    System.arraycopy(bytes, offset, text, length, count);
    length += count;
    return this;
  }

  /** In lower case. */
  final Sha256 updateLower(byte[] buffer, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      room(1);
      text[length++] = Octets.lower(buffer[i]);
    }
    return this;
  }

  /** Four bytes, big-endian. */
  final Sha256 updateInt(int value) {
    room(Integer.BYTES);
    text[length++] = (byte) (value >>> 24);
    text[length++] = (byte) (value >>> 16);
    text[length++] = (byte) (value >>> 8);
    text[length++] = (byte) value;
    return this;
  }

  private void room(int count) {
    if (count > GATHERED - length) {
      flush();
    }
  }

  private void flush() {
    digest.update(text, 0, length);
    length = 0;
    begun = true;
  }

  /**
   * Ends the text.
   *
   * @return {@value #LENGTH} bytes that are valid until the next text ends.
   */
  byte[] end() {
    return end(hash, 0);
  }

  /** As {@link #end()}, into an array. */
  final byte[] end(byte[] result, int offset) {
    try {
      digest.update(text, 0, length);
      digest.digest(result, offset, LENGTH);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    length = 0;
    begun = false;
    return result;
  }
}
