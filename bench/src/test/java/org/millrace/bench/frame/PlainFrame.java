package org.millrace.bench.frame;

import java.io.ByteArrayOutputStream;

/** Text frames as RFC 6455 section 5.2 has them, written the slow way. */
final class PlainFrame {
  private PlainFrame() {}

  static byte[] server(byte[] payload) {
    final ByteArrayOutputStream frame = header(0, payload.length);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** {@code maskingKey}: its lowest byte is the first on the wire. */
  static byte[] client(byte[] payload, int maskingKey) {
    final ByteArrayOutputStream frame = header(0x80, payload.length);
    for (int i = 0; i < 4; i++) {
      frame.write(maskingKey >>> (8 * i));
    }
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ (maskingKey >>> (8 * (i % 4))));
    }
    return frame.toByteArray();
  }

  private static ByteArrayOutputStream header(int mask, int length) {
    final ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(0x81);
    if (length < 126) {
      header.write(mask | length);
    } else if (length < 65536) {
      header.write(mask | 126);
      header.write(length >>> 8);
      header.write(length);
    } else {
      header.write(mask | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        header.write((int) ((long) length >>> shift));
      }
    }
    return header;
  }
}
