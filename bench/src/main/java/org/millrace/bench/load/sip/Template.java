package org.millrace.bench.load.sip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/**
 * The frame of a request, masked once and for all, in which only numbers differ from message to
 * message: that of the message, of its user and of the user's partner. To put them in takes a few
 * bytes each, XORed with the masking key, and nothing else has to be done.
 */
final class Template {
  /** Where numbers go in a text: {@link #SEQUENCE}, {@link #USER} and {@link #PARTNER}. */
  static final String SEQUENCE = "@SEQUENC@";

  static final String USER = "@USER_N@";
  static final String PARTNER = "@PARTNR@";

  private static final int MASKING_KEY = 0x37FA213D;

  private final byte[] frame;
  private final int[] sequences;
  private final int[] users;
  private final int[] partners;
  private final byte[] key;
  private final int header;

  Template(String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    header = FrameEncoder.headerLength(Role.CLIENT, bytes.length);
    frame = new byte[header + bytes.length];
    final ByteBuffer buffer =
        ByteBuffer.allocateDirect(frame.length).order(ByteOrder.nativeOrder());
    buffer.put(header, bytes);
    FrameEncoder.encode(Role.CLIENT, Opcode.TEXT, true, buffer, 0, bytes.length, () -> MASKING_KEY);
    buffer.get(frame);
    key = new byte[] {frame[header - 4], frame[header - 3], frame[header - 2], frame[header - 1]};
    sequences = places(text, SEQUENCE);
    users = places(text, USER);
    partners = places(text, PARTNER);
  }

  private int[] places(String text, String name) {
    final List<Integer> places = new ArrayList<>();
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      places.add(header + at);
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  int length() {
    return frame.length;
  }

  /** Appends the frame with these numbers. */
  void put(ByteBuffer batch, long sequence, int user, int partner) {
    final int from = batch.position();
    batch.put(frame);
    for (final int at : sequences) {
      number(batch, from, at, SEQUENCE.length(), sequence);
    }
    for (final int at : users) {
      number(batch, from, at, USER.length(), user);
    }
    for (final int at : partners) {
      number(batch, from, at, PARTNER.length(), partner);
    }
  }

  private void number(ByteBuffer batch, int from, int at, int digits, long number) {
    long rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      batch.put(from + i, (byte) ('0' + rest % 10 ^ key[i - header & 3]));
      rest /= 10;
    }
  }
}
