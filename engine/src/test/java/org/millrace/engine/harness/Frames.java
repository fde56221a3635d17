package org.millrace.engine.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

/** Frames that a {@link Peer} says, and how it writes down those that it hears. */
public final class Frames {
  private static final int PRINTED = 64;

  private Frames() {}

  public static ReferenceEncoder text(String payload) {
    return ReferenceEncoder.frame(Opcode.TEXT, Bytes.utf8(payload));
  }

  public static ReferenceEncoder binary(byte[] payload) {
    return ReferenceEncoder.frame(Opcode.BINARY, Bytes.of(payload));
  }

  public static ReferenceEncoder continuation(String payload) {
    return ReferenceEncoder.frame(Opcode.CONTINUATION, Bytes.utf8(payload));
  }

  public static ReferenceEncoder ping(String payload) {
    return ReferenceEncoder.frame(Opcode.PING, Bytes.utf8(payload));
  }

  public static ReferenceEncoder pong(byte[] payload) {
    return ReferenceEncoder.frame(Opcode.PONG, Bytes.of(payload));
  }

  public static ReferenceEncoder close() {
    return ReferenceEncoder.frame(Opcode.CLOSE, Bytes.EMPTY);
  }

  public static ReferenceEncoder close(int code) {
    return close(code, "");
  }

  public static ReferenceEncoder close(int code, String reason) {
    return ReferenceEncoder.frame(Opcode.CLOSE, ReferenceEncoder.closePayload(code, reason));
  }

  /** A frame with an opcode that nobody may use. */
  public static ReferenceEncoder illegal() {
    return ReferenceEncoder.frame(3, Bytes.EMPTY);
  }

  /**
   * Writes frames down: {@code TEXT hello}, {@code PING 01ff} for what cannot be printed, {@code
   * CLOSE 1000 reason}, {@code BINARY 70000 bytes} for what is long, {@code +} behind what is not
   * final. Fails if {@code stream} does not end with a frame, or one is not masked as it must be.
   */
  public static List<String> describe(byte[] stream, boolean masked) {
    final List<String> frames = new ArrayList<>();
    int at = 0;
    while (at < stream.length) {
      final boolean hasMask = stream[at + 1] < 0;
      if (hasMask != masked) {
        throw new AssertionError("masked=" + hasMask + " in a frame at " + at);
      }
      final int shortLength = stream[at + 1] & 0x7F;
      final int extended = shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8;
      long length = extended == 0 ? shortLength : 0;
      for (int i = 0; i < extended; i++) {
        length = (length << 8) | (stream[at + 2 + i] & 0xFF);
      }
      final int keyAt = at + 2 + extended;
      final int payloadAt = keyAt + (masked ? 4 : 0);
      final byte[] payload = new byte[(int) length];
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) (stream[payloadAt + i] ^ (masked ? stream[keyAt + i % 4] : 0));
      }
      frames.add(describe(stream[at] & 0xF, stream[at] < 0, payload));
      at = payloadAt + payload.length;
    }
    return frames;
  }

  private static String describe(int opcode, boolean fin, byte[] payload) {
    final String name =
        switch (opcode) {
          case Opcode.CONTINUATION -> "CONTINUATION";
          case Opcode.TEXT -> "TEXT";
          case Opcode.BINARY -> "BINARY";
          case Opcode.CLOSE -> "CLOSE";
          case Opcode.PING -> "PING";
          case Opcode.PONG -> "PONG";
          default -> throw new AssertionError("opcode " + opcode);
        };
    final String content = opcode == Opcode.CLOSE ? closing(payload) : printed(payload);
    return name + (content.isEmpty() ? "" : " " + content) + (fin ? "" : "+");
  }

  private static String closing(byte[] payload) {
    if (payload.length == 0) {
      return "";
    }
    final String reason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    return (((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF))
        + (reason.isEmpty() ? "" : " " + reason);
  }

  private static String printed(byte[] payload) {
    if (payload.length > PRINTED) {
      return payload.length + " bytes";
    }
    for (final byte b : payload) {
      if (b < ' ' || b > '~') {
        return HexFormat.of().formatHex(payload);
      }
    }
    return new String(payload, ISO_8859_1);
  }
}
