package org.millrace.engine.reference;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;

/**
 * Reads one peer's whole stream byte by byte and lists what it amounts to (RFC 6455 section 5).
 *
 * <p>When an event is decided: a header rule at the byte that breaks it; a length that is not
 * minimal, too big a message and too many frames at the last byte of the length (A-25's order); a
 * text at the byte that makes it impossible, or at the last byte of a message that ends within a
 * code point; a Close, good or bad, and everything else at the last byte of its frame.
 */
public final class ReferenceDecoder {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int LONGEST_CONTROL_PAYLOAD = 125;
  private static final Set<Integer> DEFINED_OPCODES = Set.of(0, 1, 2, 8, 9, 10);
  private static final Set<Integer> REGISTERED_CLOSE_CODES =
      Set.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014);

  private final FrameRules rules;
  private final byte[] stream;
  private final List<Decided> decided = new ArrayList<>();
  private int at;
  private OpenMessage message;

  private ReferenceDecoder(FrameRules rules, byte[] stream) {
    this.rules = rules;
    this.stream = stream;
  }

  /** The events of {@code stream}, in order, each with the byte that decides it. */
  public static List<Decided> decode(FrameRules rules, Bytes stream) {
    final ReferenceDecoder decoder = new ReferenceDecoder(rules, stream.toArray());
    try {
      while (true) {
        decoder.readFrame();
      }
    } catch (NothingFollows e) {
      return List.copyOf(decoder.decided);
    }
  }

  /** The events of {@code stream}, in order. */
  public static List<Event> events(FrameRules rules, Bytes stream) {
    return decode(rules, stream).stream().map(Decided::event).toList();
  }

  /** Whether a peer may send {@code code} in a Close. */
  public static boolean mayBeReceived(int code) {
    return REGISTERED_CLOSE_CODES.contains(code) || (code >= 3000 && code <= 4999);
  }

  private void readFrame() {
    final int first = readByte();
    final boolean fin = (first & 0b1000_0000) != 0;
    final int rsv = first & 0b0111_0000;
    final int opcode = first & 0b0000_1111;
    final boolean control = opcode >= CLOSE;
    failIf(rsv != 0, Violation.RSV_BIT_SET);
    failIf(!DEFINED_OPCODES.contains(opcode), Violation.RESERVED_OPCODE);
    failIf(control && !fin, Violation.CONTROL_FRAGMENTED);
    failIf(opcode == 0 && message == null, Violation.CONTINUATION_WITHOUT_START);
    failIf(opcode != 0 && !control && message != null, Violation.MESSAGE_INSIDE_MESSAGE);

    final int second = readByte();
    final boolean masked = (second & 0b1000_0000) != 0;
    final int shortLength = second & 0b0111_1111;
    failIf(rules.role() == Role.SERVER && !masked, Violation.MASK_MISSING);
    failIf(rules.role() == Role.CLIENT && masked, Violation.MASK_UNEXPECTED);
    failIf(control && shortLength > LONGEST_CONTROL_PAYLOAD, Violation.CONTROL_TOO_LONG);

    final long length = readLength(shortLength);
    if (!control) {
      if (opcode != 0) {
        message = new OpenMessage(opcode == TEXT);
      }
      failIf(length > rules.maxMessageSize() - message.payload.size(), Violation.MESSAGE_TOO_BIG);
      failIf(message.frames == rules.maxFramesPerMessage(), Violation.TOO_MANY_FRAMES);
      message.frames++;
    }
    final int[] key = new int[4];
    if (masked) {
      for (int i = 0; i < key.length; i++) {
        key[i] = readByte();
      }
    }
    if (control) {
      readControlPayload(opcode, length, key);
    } else {
      readDataPayload(fin, length, key);
    }
  }

  private long readLength(int shortLength) {
    if (shortLength < 126) {
      return shortLength;
    }
    if (shortLength == 126) {
      final long length = readNumber(2);
      failIf(length < 126 && !rules.lenientLength(), Violation.LENGTH_NOT_MINIMAL);
      return length;
    }
    final int top = readByte();
    failIf((top & 0b1000_0000) != 0, Violation.LENGTH_TOP_BIT);
    final long length = ((long) top << 56) + readNumber(7);
    failIf(length < 65536 && !rules.lenientLength(), Violation.LENGTH_NOT_MINIMAL);
    return length;
  }

  private void readDataPayload(boolean fin, long length, int[] key) {
    for (long i = 0; i < length; i++) {
      final int b = readByte() ^ key[(int) (i % 4)];
      message.payload.write(b);
      message.utf8.accept(b);
      failIf(message.text && message.utf8.isImpossible(), Violation.TEXT_NOT_UTF8);
    }
    if (fin) {
      failIf(message.text && !message.utf8.isComplete(), Violation.TEXT_NOT_UTF8);
      happens(new Event.Message(message.text, Bytes.of(message.payload.toByteArray())));
      message = null;
    }
  }

  private void readControlPayload(int opcode, long length, int[] key) {
    final ByteArrayOutputStream unmasked = new ByteArrayOutputStream();
    for (int i = 0; i < length; i++) {
      unmasked.write(readByte() ^ key[i % 4]);
    }
    final Bytes payload = Bytes.of(unmasked.toByteArray());
    if (opcode == CLOSE) {
      close(payload);
    } else {
      happens(opcode == PING ? new Event.Ping(payload) : new Event.Pong(payload));
    }
  }

  private void close(Bytes payload) {
    if (payload.length() == 0) {
      happens(new Event.Close(CloseCode.NO_STATUS, ""));
      throw new NothingFollows();
    }
    failIf(payload.length() == 1, Violation.CLOSE_PAYLOAD_TRUNCATED);
    final int code = payload.get(0) * 256 + payload.get(1);
    final Bytes reason = payload.slice(2, payload.length());
    failIf(!mayBeReceived(code), Violation.CLOSE_CODE_ILLEGAL);
    failIf(!ReferenceUtf8.isValid(reason), Violation.CLOSE_REASON_NOT_UTF8);
    happens(new Event.Close(code, new String(reason.toArray(), StandardCharsets.UTF_8)));
    throw new NothingFollows();
  }

  private void failIf(boolean broken, Violation violation) {
    if (broken) {
      happens(new Event.Failed(violation));
      throw new NothingFollows();
    }
  }

  private void happens(Event event) {
    decided.add(new Decided(event, at));
  }

  private long readNumber(int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number * 256 + readByte();
    }
    return number;
  }

  private int readByte() {
    if (at == stream.length) {
      throw new NothingFollows();
    }
    return stream[at++] & 0xFF;
  }

  private static final class OpenMessage {
    private final boolean text;
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private final ReferenceUtf8 utf8 = new ReferenceUtf8();
    private int frames;

    private OpenMessage(boolean text) {
      this.text = text;
    }
  }

  /** The stream is at its end, or the rest of it has no meaning. */
  private static final class NothingFollows extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NothingFollows() {
      super(null, null, false, false);
    }
  }
}
