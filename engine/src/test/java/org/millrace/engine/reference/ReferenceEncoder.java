package org.millrace.engine.reference;

import java.io.ByteArrayOutputStream;

/** Builds one frame, legal or not: whatever the test asks for is what goes on the wire. */
public final class ReferenceEncoder {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /** The masking key that the specification's examples use. */
  public static final Bytes KEY = Bytes.of(0x37, 0xFA, 0x21, 0x3D);

  private final int opcode;
  private final Bytes payload;
  private boolean fin = true;
  private int rsv;
  private Bytes key = Bytes.EMPTY;
  private int lengthBytes;
  private long declaredLength;

  private ReferenceEncoder(int opcode, Bytes payload) {
    this.opcode = opcode;
    this.payload = payload;
    declareLength(payload.length());
  }

  /** A final frame without a mask, its length in minimal form. */
  public static ReferenceEncoder frame(int opcode, Bytes payload) {
    return new ReferenceEncoder(opcode, payload);
  }

  public static Bytes closePayload(int code, String reason) {
    return Bytes.of(code >> 8, code).followedBy(Bytes.utf8(reason));
  }

  /** Masking by its definition: byte i of the payload XOR byte i modulo 4 of the key. */
  public static Bytes mask(Bytes payload, Bytes key) {
    final byte[] masked = payload.toArray();
    for (int i = 0; i < masked.length; i++) {
      masked[i] = (byte) (masked[i] ^ key.get(i % 4));
    }
    return Bytes.of(masked);
  }

  public ReferenceEncoder fin(boolean newFin) {
    fin = newFin;
    return this;
  }

  public ReferenceEncoder notFinal() {
    return fin(false);
  }

  /** The three reserved bits, RSV1 being 4. */
  public ReferenceEncoder rsv(int bits) {
    rsv = bits;
    return this;
  }

  public ReferenceEncoder masked() {
    return maskedWith(KEY);
  }

  /** Masks with the four bytes of {@code newKey}, or not at all if it is empty. */
  public ReferenceEncoder maskedWith(Bytes newKey) {
    key = newKey;
    return this;
  }

  /** Declares a length that need not be the payload's, in its minimal form. */
  public ReferenceEncoder declareLength(long length) {
    declaredLength = length;
    lengthBytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
    return this;
  }

  /** How many bytes of extended length to write, 0, 2 or 8, minimal or not. */
  public ReferenceEncoder lengthBytes(int bytes) {
    lengthBytes = bytes;
    return this;
  }

  public Bytes encode() {
    final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write((fin ? 0x80 : 0) | (rsv << 4) | opcode);
    frame.write((key.length() > 0 ? 0x80 : 0) | shortLength());
    for (int i = lengthBytes - 1; i >= 0; i--) {
      frame.write((int) (declaredLength >>> (8 * i)));
    }
    frame.writeBytes(key.toArray());
    frame.writeBytes((key.length() > 0 ? mask(payload, key) : payload).toArray());
    return Bytes.of(frame.toByteArray());
  }

  private int shortLength() {
    return switch (lengthBytes) {
      case 0 -> (int) declaredLength & 0x7F;
      case 2 -> 126;
      default -> 127;
    };
  }
}
