package org.millrace.engine.sip;

import java.util.Arrays;

/** The parts of one Authorization value (RFC 7616 section 3.4), as ranges without their quotes. */
final class DigestCredentials {
  static final int USERNAME = 0;
  static final int REALM = 1;
  static final int NONCE = 2;
  static final int URI = 3;
  static final int RESPONSE = 4;
  static final int ALGORITHM = 5;
  static final int CNONCE = 6;
  static final int NC = 7;
  static final int QOP = 8;

  private static final byte[][] NAMES = {
    Octets.ascii("username"),
    Octets.ascii("realm"),
    Octets.ascii("nonce"),
    Octets.ascii("uri"),
    Octets.ascii("response"),
    Octets.ascii("algorithm"),
    Octets.ascii("cnonce"),
    Octets.ascii("nc"),
    Octets.ascii("qop"),
  };
  private static final byte[] DIGEST = Octets.ascii("digest");

  private final int[] offsets = new int[NAMES.length];
  private final int[] lengths = new int[NAMES.length];
  private byte[] buffer;

  /** Whether the range is a Digest value with its commas and quotes right. */
  boolean parse(byte[] newBuffer, int from, int to) {
    buffer = newBuffer;
    Arrays.fill(lengths, -1);
    int at = from;
    while (at < to && Octets.isToken(buffer[at])) {
      at++;
    }
    if (!Octets.equalIgnoringCase(buffer, from, at - from, DIGEST)) {
      return false;
    }
    while (at < to) {
      at = parameter(Octets.skipSpace(buffer, at, to), to);
      if (at < 0) {
        return false;
      }
      at = Octets.skipSpace(buffer, at, to);
      if (at < to && buffer[at++] != ',') {
        return false;
      }
    }
    return true;
  }

  /** Reads {@code name=value}; returns behind it, or -1. */
  private int parameter(int from, int to) {
    int at = from;
    while (at < to && Octets.isToken(buffer[at])) {
      at++;
    }
    final int nameLength = at - from;
    at = Octets.skipSpace(buffer, at, to);
    if (nameLength == 0 || at == to || buffer[at] != '=') {
      return -1;
    }
    final int value = Octets.skipSpace(buffer, at + 1, to);
    if (value < to && buffer[value] == '"') {
      at = Octets.skipQuoted(buffer, value, to);
      keep(from, nameLength, value + 1, at - 2 - value);
      return at;
    }
    at = value;
    while (at < to && buffer[at] != ',' && !Octets.isSpace(buffer[at])) {
      at++;
    }
    keep(from, nameLength, value, at - value);
    return at;
  }

  private void keep(int name, int nameLength, int offset, int length) {
    for (int i = 0; i < NAMES.length; i++) {
      if (Octets.equalIgnoringCase(buffer, name, nameLength, NAMES[i])) {
        offsets[i] = offset;
        lengths[i] = length;
      }
    }
  }

  boolean has(int part) {
    return lengths[part] > 0;
  }

  int offset(int part) {
    return offsets[part];
  }

  int length(int part) {
    return lengths[part];
  }

  boolean is(int part, byte[] expected) {
    return has(part) && Octets.equal(buffer, offsets[part], lengths[part], expected);
  }

  boolean isIgnoringCase(int part, byte[] lower) {
    return has(part) && Octets.equalIgnoringCase(buffer, offsets[part], lengths[part], lower);
  }

  byte[] copy(int part) {
    return Octets.copy(buffer, offsets[part], offsets[part] + lengths[part]);
  }
}
