package org.millrace.engine.sip;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes as the key of a map, such as an address of record {@code user@host}: user unescaped, host
 * in lower case (RFC 3261 section 10.3). A probe is filled again for each look-up and equals a key
 * with the same bytes; what is put into a map is its {@link #copy}.
 */
final class ByteKey {
  /** Longest user and host together, in bytes. */
  static final int MAX_LENGTH = 512;

  private final byte[] bytes;
  private int length;
  private int hash;

  private ByteKey(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
    hash = hashOf(bytes, length);
  }

  static ByteKey probe() {
    return new ByteKey(new byte[MAX_LENGTH], 0);
  }

  static ByteKey of(String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new ByteKey(bytes, bytes.length);
  }

  private static int hashOf(byte[] bytes, int length) {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  ByteKey copy() {
    return new ByteKey(Arrays.copyOf(bytes, length), length);
  }

  /** Probe only: becomes user@host. False if that is too long or escaped wrongly. */
  boolean addressOfRecord(byte[] buffer, SipUri uri) {
    length = 0;
    if (!uri.hasUser()
        || uri.userLength() + uri.hostLength() >= MAX_LENGTH
        || !unescape(buffer, uri.userOffset(), uri.userOffset() + uri.userLength())) {
      return false;
    }
    bytes[length++] = '@';
    lower(buffer, uri.hostOffset(), uri.hostLength());
    return true;
  }

  /** Probe only: becomes the user. */
  boolean user(byte[] buffer, SipUri uri) {
    length = 0;
    final boolean good =
        uri.hasUser()
            && uri.userLength() <= MAX_LENGTH
            && unescape(buffer, uri.userOffset(), uri.userOffset() + uri.userLength());
    hash = hashOf(bytes, length);
    return good;
  }

  /** Probe only: becomes the range in lower case. */
  boolean host(byte[] buffer, int offset, int count) {
    length = 0;
    if (count > MAX_LENGTH) {
      return false;
    }
    lower(buffer, offset, count);
    return true;
  }

  /** Probe only: becomes the range. */
  boolean exactly(byte[] buffer, int offset, int count) {
    length = 0;
    if (count > MAX_LENGTH) {
      return false;
    }
    System.arraycopy(buffer, offset, bytes, 0, count);
    length = count;
    hash = hashOf(bytes, length);
    return true;
  }

  private void lower(byte[] buffer, int offset, int count) {
    for (int i = 0; i < count; i++) {
      bytes[length++] = Octets.lower(buffer[offset + i]);
    }
    hash = hashOf(bytes, length);
  }

  private boolean unescape(byte[] buffer, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = buffer[at];
      if (b == '%') {
        final int high = at + 2 < to ? Octets.hex(buffer[at + 1]) : -1;
        final int low = at + 2 < to ? Octets.hex(buffer[at + 2]) : -1;
        if ((high | low) < 0) {
          return false;
        }
        b = (byte) ((high << 4) | low);
        at += 2;
      }
      bytes[length++] = b;
      at++;
    }
    return true;
  }

  int length() {
    return length;
  }

  byte byteAt(int index) {
    return bytes[index];
  }

  /** Whether this is a user alone and {@code address} has it in front of its last {@code @}. */
  boolean isUserOf(ByteKey address) {
    if (address.length <= length || address.bytes[length] != '@') {
      return false;
    }
    return Arrays.equals(bytes, 0, length, address.bytes, 0, length) && lastAt(address) == length;
  }

  private static int lastAt(ByteKey address) {
    int at = address.length - 1;
    while (at >= 0 && address.bytes[at] != '@') {
      at--;
    }
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteKey key
        && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
