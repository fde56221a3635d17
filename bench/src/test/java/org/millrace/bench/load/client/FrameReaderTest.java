package org.millrace.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private final List<String> messages = new ArrayList<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final FrameReader reader = new FrameReader();

  private final FrameReader.Sink sink =
      new FrameReader.Sink() {
        @Override
        public void data(ByteBuffer bytes, int from, int to, boolean first, boolean last) {
          if (first) {
            message.reset();
          }
          for (int i = from; i < to; i++) {
            message.write(bytes.get(i));
          }
          if (last) {
            messages.add(message.toString(StandardCharsets.US_ASCII));
          }
        }

        @Override
        public void control(int opcode, byte[] payload, int length) {
          messages.add(opcode + ":" + new String(payload, 0, length, StandardCharsets.US_ASCII));
        }
      };

  private void read(byte[] bytes, int from, int to) throws IOException {
    reader.read(ByteBuffer.wrap(bytes, from, to - from), sink);
  }

  private static byte[] frame(int first, String payload) {
    final byte[] text = payload.getBytes(StandardCharsets.US_ASCII);
    final ByteBuffer frame = ByteBuffer.allocate(10 + text.length).put((byte) first);
    if (text.length < 126) {
      frame.put((byte) text.length);
    } else if (text.length < 65536) {
      frame.put((byte) 126).putShort((short) text.length);
    } else {
      frame.put((byte) 127).putLong(text.length);
    }
    frame.put(text).flip();
    final byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static byte[] all(byte[]... frames) {
    final ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (final byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  @Test
  void messagesAreTheSameWhereverTheBytesAreSplit() throws IOException {
    final byte[] bytes =
        all(
            frame(0x81, "one"),
            frame(0x82, ""),
            frame(0x89, "ping"),
            frame(0x01, "a"),
            frame(0x8A, ""),
            frame(0x00, "b"),
            frame(0x80, "c"),
            frame(0x81, "x".repeat(200)));
    for (int split = 0; split <= bytes.length; split++) {
      messages.clear();
      read(bytes, 0, split);
      read(bytes, split, bytes.length);
      assertThat(messages).containsExactly("one", "", "9:ping", "10:", "abc", "x".repeat(200));
    }
  }

  @Test
  void everyFormOfTheLengthIsRead() throws IOException {
    for (final int length : new int[] {0, 125, 126, 65_535, 65_536}) {
      messages.clear();
      final byte[] bytes = frame(0x81, "y".repeat(length));
      read(bytes, 0, bytes.length);
      assertThat(messages).containsExactly("y".repeat(length));
    }
  }

  @Test
  void whatNoServerMaySendIsRefused() {
    for (final byte[] wrong :
        new byte[][] {
          frame(0x83, "reserved opcode"),
          frame(0xC1, "reserved bit"),
          frame(0x80, "continues nothing"),
          frame(0x09, "fragmented ping"),
          {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0},
        }) {
      assertThatThrownBy(() -> new FrameReader().read(ByteBuffer.wrap(wrong), sink))
          .isInstanceOf(IOException.class);
    }
  }
}
