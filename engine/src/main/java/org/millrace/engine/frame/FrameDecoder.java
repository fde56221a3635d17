package org.millrace.engine.frame;

import java.nio.ByteBuffer;

/**
 * Incremental, fail-fast frame decoder for one direction of one connection (RFC 6455 section 5).
 *
 * <p>Call {@link #decode} with the bytes at hand until it answers {@link #NEED_MORE}. Every {@link
 * #PIECE} is a run of unmasked payload bytes inside the given buffer, whole frame or part of it,
 * and is described by the accessors until the next call. Unmasking happens in place, so the
 * buffer's bytes must not be decoded twice. Nothing is copied and nothing is allocated.
 *
 * <p>All rules for a header are here, one {@link Violation} each, and each is applied as soon as
 * the byte that decides it has arrived (requirements ). The first violation is final:
 * from then on every call answers {@link #FAILED}. What a close payload may hold is {@link
 * ClosePayload}'s business, text validity that of {@link Utf8}.
 *
 * <p>Not thread-safe: owned by the shard of its connection.
 */
public final class FrameDecoder {
  /** All bytes are used; the decoder waits for more. */
  public static final int NEED_MORE = 0;

  /** A run of payload lies at {@link #payloadOffset()}; there may be more behind it. */
  public static final int PIECE = 1;

  /** The peer broke a rule: {@link #violation()}. */
  public static final int FAILED = -1;

  private final FrameRules rules;

  // The frame under way. While its header is incomplete, remaining and maskingKey gather the bytes
  // of the extended length and of the key in network order.
  private long remaining;
  private int maskingKey;
  private byte first;
  private byte second;
  private byte headerBytes;
  private boolean inPayload;
  private boolean firstPiece;

  // The message under way.
  private byte messageType;
  private boolean messageOpen;
  private int messageLength;
  private int messageFrames;

  // The piece last found.
  private int payloadOffset;
  private int payloadLength;
  private boolean frameStart;
  private Violation violation;

  public FrameDecoder(FrameRules rules) {
    this.rules = rules;
  }

  /**
   * Decodes up to the end of the next piece.
   *
   * @param buffer direct and in native order; its position and limit are neither used nor moved.
   * @param offset first byte not yet decoded.
   * @param limit end of the bytes at hand.
   * @return {@link #NEED_MORE}, {@link #PIECE} or {@link #FAILED}.
   */
  public int decode(ByteBuffer buffer, int offset, int limit) {
    if (violation != null) {
      return FAILED;
    }
    int at = offset;
    if (!inPayload) {
      at = decodeHeader(buffer, at, limit);
      if (violation != null) {
        return FAILED;
      }
    }
    if (!inPayload || (at == limit && remaining > 0)) {
      payloadOffset = limit;
      payloadLength = 0;
      return NEED_MORE;
    }
    takePiece(buffer, at, limit);
    return PIECE;
  }

  private void takePiece(ByteBuffer buffer, int at, int limit) {
    final int length = (int) Math.min(remaining, limit - at);
    maskingKey = Masking.apply(buffer, at, length, maskingKey);
    remaining -= length;
    payloadOffset = at;
    payloadLength = length;
    frameStart = firstPiece;
    firstPiece = false;
    inPayload = remaining > 0;
  }

  /** Returns the offset behind the header bytes that were used. */
  private int decodeHeader(ByteBuffer buffer, int offset, int limit) {
    if (headerBytes == 0 && limit - offset >= FrameLayout.MAX_HEADER_LENGTH) {
      return decodeWholeHeader(buffer, offset);
    }
    int at = offset;
    while (at < limit && !inPayload && violation == null) {
      decodeHeaderByte(buffer.get(at++));
    }
    return at;
  }

  private int decodeWholeHeader(ByteBuffer buffer, int offset) {
    onFirstByte(buffer.get(offset));
    if (violation != null) {
      return offset;
    }
    onSecondByte(buffer.get(offset + 1));
    if (violation != null) {
      return offset;
    }
    int at = offset + FrameLayout.BASE_LENGTH;
    final int shortLength = second & FrameLayout.LENGTH_BITS;
    if (shortLength < FrameLayout.LENGTH_16) {
      remaining = shortLength;
    } else {
      final int bytes = FrameLayout.extendedLengthBytes(second);
      remaining = bigEndian(buffer, at, bytes);
      at += bytes;
    }
    onLength();
    if (isMasked()) {
      maskingKey = buffer.getInt(at);
      at += FrameLayout.MASKING_KEY_LENGTH;
    }
    if (violation == null) {
      startPayload();
    }
    return at;
  }

  private void decodeHeaderByte(byte b) {
    final int index = headerBytes++;
    if (index == 0) {
      onFirstByte(b);
      return;
    }
    if (index == 1) {
      onSecondByte(b);
      maskingKey = 0;
      remaining = 0;
      if (violation == null && FrameLayout.extendedLengthBytes(b) == 0) {
        remaining = b & FrameLayout.LENGTH_BITS;
        onLength();
      }
    } else if (index < FrameLayout.BASE_LENGTH + FrameLayout.extendedLengthBytes(second)) {
      onExtendedLengthByte(index, b);
    } else {
      maskingKey = (maskingKey << Byte.SIZE) | (b & 0xFF);
    }
    if (violation == null && headerBytes == FrameLayout.headerLength(second)) {
      maskingKey = Masking.fromBigEndian(maskingKey);
      startPayload();
    }
  }

  private void onExtendedLengthByte(int index, byte b) {
    if (index == FrameLayout.BASE_LENGTH
        && b < 0
        && FrameLayout.extendedLengthBytes(second) == Long.BYTES) {
      violation = Violation.LENGTH_TOP_BIT;
      return;
    }
    remaining = (remaining << Byte.SIZE) | (b & 0xFF);
    if (headerBytes == FrameLayout.BASE_LENGTH + FrameLayout.extendedLengthBytes(second)) {
      onLength();
    }
  }

  private void onFirstByte(byte b) {
    first = b;
    final int opcode = b & FrameLayout.OPCODE_BITS;
    if ((b & FrameLayout.RSV_BITS) != 0) {
      violation = Violation.RSV_BIT_SET;
    } else if (Opcode.isReserved(opcode)) {
      violation = Violation.RESERVED_OPCODE;
    } else if (Opcode.isControl(opcode)) {
      if (b >= 0) {
        violation = Violation.CONTROL_FRAGMENTED;
      }
    } else if (opcode == Opcode.CONTINUATION) {
      if (!messageOpen) {
        violation = Violation.CONTINUATION_WITHOUT_START;
      }
    } else if (messageOpen) {
      violation = Violation.MESSAGE_INSIDE_MESSAGE;
    }
  }

  private void onSecondByte(byte b) {
    second = b;
    final boolean masked = b < 0;
    if (masked != (rules.role() == Role.SERVER)) {
      violation = masked ? Violation.MASK_UNEXPECTED : Violation.MASK_MISSING;
    } else if (isControl() && (b & FrameLayout.LENGTH_BITS) > FrameLayout.MAX_SHORT_PAYLOAD) {
      violation = Violation.CONTROL_TOO_LONG;
    }
  }

  /** The payload length is known: remaining. */
  private void onLength() {
    final int extended = FrameLayout.extendedLengthBytes(second);
    if (remaining < 0) {
      violation = Violation.LENGTH_TOP_BIT;
    } else if (extended != 0 && remaining < leastLength(extended) && !rules.lenientLength()) {
      violation = Violation.LENGTH_NOT_MINIMAL;
    } else if (!isControl()) {
      onDataLength();
    }
  }

  private void onDataLength() {
    if (opcode() != Opcode.CONTINUATION) {
      messageLength = 0;
      messageFrames = 0;
    }
    if (remaining > rules.maxMessageSize() - messageLength) {
      violation = Violation.MESSAGE_TOO_BIG;
    } else if (messageFrames == rules.maxFramesPerMessage()) {
      violation = Violation.TOO_MANY_FRAMES;
    }
  }

  private void startPayload() {
    headerBytes = 0;
    inPayload = true;
    firstPiece = true;
    if (isControl()) {
      return;
    }
    messageLength += (int) remaining;
    messageFrames++;
    if (opcode() != Opcode.CONTINUATION) {
      messageType = (byte) opcode();
    }
    messageOpen = !fin();
  }

  private static int leastLength(int extendedLengthBytes) {
    return extendedLengthBytes == Long.BYTES
        ? FrameLayout.MAX_MEDIUM_PAYLOAD + 1
        : FrameLayout.LENGTH_16;
  }

  private static long bigEndian(ByteBuffer buffer, int offset, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = (value << Byte.SIZE) | (buffer.get(offset + i) & 0xFF);
    }
    return value;
  }

  private boolean isMasked() {
    return second < 0;
  }

  /** Offset at which to go on after {@link #PIECE} or {@link #NEED_MORE}. */
  public int position() {
    return payloadOffset + payloadLength;
  }

  /** Opcode of the piece's frame, as on the wire. */
  public int opcode() {
    return first & FrameLayout.OPCODE_BITS;
  }

  /** {@link Opcode#TEXT} or {@link Opcode#BINARY}: the type of the message a data piece is of. */
  public int messageType() {
    return messageType;
  }

  /** Whether the piece is of a control frame. */
  public boolean isControl() {
    return Opcode.isControl(opcode());
  }

  /** Whether the piece's frame has FIN set. */
  public boolean fin() {
    return first < 0;
  }

  /** Whether the piece is the first of its frame. */
  public boolean isFrameStart() {
    return frameStart;
  }

  /** Whether the piece ends its frame. */
  public boolean isFrameEnd() {
    return !inPayload;
  }

  /** Offset of the piece in the buffer given to {@link #decode}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Length of the piece in bytes; 0 for an empty frame. */
  public int payloadLength() {
    return payloadLength;
  }

  /** Whether the decoder stands between two messages: no frame begun and no message open. */
  public boolean isBetweenMessages() {
    return !inPayload && headerBytes == 0 && !messageOpen;
  }

  /** The rule that the peer broke, or null. */
  public Violation violation() {
    return violation;
  }
}
