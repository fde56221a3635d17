package org.millrace.engine.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;

/** The WS and UT vectors that the bytes of one peer alone decide. */
public final class FrameVectors {
  public static final FrameRules SERVER = new FrameRules(Role.SERVER, 65536, 1024, false);
  public static final FrameRules CLIENT = new FrameRules(Role.CLIENT, 65536, 1024, false);

  private static final FrameRules LENIENT = new FrameRules(Role.SERVER, 65536, 1024, true);
  private static final FrameRules SMALL = new FrameRules(Role.SERVER, 200, 3, false);
  private static final String KEY = " 37 fa 21 3d";

  private final List<FrameVector> vectors = new ArrayList<>();

  private FrameVectors() {}

  /** All vectors for a server, their twins for a client, and what only a client is sent. */
  public static List<FrameVector> all() {
    final List<FrameVector> all = new ArrayList<>(forServer());
    all.addAll(forServer().stream().map(FrameVector::forClient).toList());
    all.addAll(maskRule());
    return Collections.unmodifiableList(all);
  }

  /** The vectors that are about anything but the presence of a mask. */
  public static List<FrameVector> forServer() {
    final FrameVectors frames = new FrameVectors();
    frames.addMessages();
    frames.addLengths();
    frames.addHeaders();
    frames.addLimits();
    frames.addControls();
    frames.addCloses();
    frames.addTexts();
    return frames.vectors;
  }

  private void addMessages() {
    add("WS-01", "masked text", at(11, text("Hello")), "81 85 37 fa 21 3d 7f 9f 4d 51 58");
    add("WS-03", "empty text message", at(6, text("")), "81 80" + KEY);
    add("WS-03", "empty binary message", at(6, binary(Bytes.EMPTY)), "82 80" + KEY);
    add(
        "WS-05",
        "ping between fragments",
        List.of(at(17, ping("abc")), at(25, text("SIP!"))),
        "01 82 37 fa 21 3d 64 b3",
        "89 83 37 fa 21 3d 56 98 42",
        "80 82 37 fa 21 3d 67 db");
    add(
        "WS-06",
        "three fragments",
        at(22, binary(Bytes.utf8("SIP!"))),
        "02 82 37 fa 21 3d 64 b3",
        "00 81 37 fa 21 3d 67",
        "80 81 37 fa 21 3d 16");
    add(
        "WS-07",
        "continuation without start",
        at(1, failed(Violation.CONTINUATION_WITHOUT_START)),
        "80 81 37 fa 21 3d 4f");
    add(
        "WS-07",
        "continuation after a finished message",
        List.of(at(7, text("A")), at(8, failed(Violation.CONTINUATION_WITHOUT_START))),
        "81 81 37 fa 21 3d 76",
        "00 81 37 fa 21 3d 4f");
    add(
        "WS-08",
        "new message inside a message",
        at(8, failed(Violation.MESSAGE_INSIDE_MESSAGE)),
        "01 81 37 fa 21 3d 56",
        "81 81 37 fa 21 3d 55");
    add(
        "WS-09",
        "empty fragments",
        at(19, text("A")),
        "01 80" + KEY,
        "00 80" + KEY,
        "80 81 37 fa 21 3d 76");
    add(
        "WS-18",
        "two frames in one read",
        List.of(at(7, text("A")), at(14, text("B"))),
        "81 81 37 fa 21 3d 76",
        "81 81 37 fa 21 3d 75");
    add("WS-36", "end of stream in the middle of a frame", List.of(), "81 85 37 fa 21 3d 7f 9f");
    add("WS-36", "end of stream in the middle of a message", List.of(), "01 81 37 fa 21 3d 56");
  }

  private void addLengths() {
    add(
        "WS-10",
        "16-bit length not minimal",
        at(4, failed(Violation.LENGTH_NOT_MINIMAL)),
        "81 fe 00 05 37 fa 21 3d 7f 9f 4d 51 58");
    add(
        "WS-10",
        "16-bit length of 125",
        at(4, failed(Violation.LENGTH_NOT_MINIMAL)),
        "82 fe 00 7d" + KEY);
    add(
        "WS-11",
        "64-bit length not minimal",
        at(10, failed(Violation.LENGTH_NOT_MINIMAL)),
        "81 ff 00 00 00 00 00 00 00 05 37 fa 21 3d 7f 9f 4d 51 58");
    add(
        "WS-12",
        "64-bit length 65535",
        at(10, failed(Violation.LENGTH_NOT_MINIMAL)),
        "82 ff 00 00 00 00 00 00 ff ff" + KEY);
    add(LENIENT, "WS-12", "the same, lenient", List.of(), "82 ff 00 00 00 00 00 00 ff ff" + KEY);
    add(
        LENIENT,
        "WS-12",
        "16- and 64-bit lengths of 5, lenient",
        List.of(at(13, text("Hello")), at(32, text("Hello"))),
        "81 fe 00 05 37 fa 21 3d 7f 9f 4d 51 58",
        "81 ff 00 00 00 00 00 00 00 05 37 fa 21 3d 7f 9f 4d 51 58");
    for (String length : List.of("80 00 00 00 00 00 00 00", "ff ff ff ff ff ff ff ff")) {
      final Decided topBit = at(3, failed(Violation.LENGTH_TOP_BIT));
      add("WS-13", "64-bit length " + length, topBit, "82 ff " + length + KEY);
      add(LENIENT, "WS-13", length + ", lenient", List.of(topBit), "82 ff " + length + KEY);
    }
  }

  private void addHeaders() {
    final Decided rsv = at(1, failed(Violation.RSV_BIT_SET));
    add("WS-14", "RSV1 without extension", rsv, "c1 81 37 fa 21 3d 76");
    add("WS-15", "RSV2", rsv, "a1 81 37 fa 21 3d 76");
    add("WS-16", "RSV3 on a ping", rsv, "99 81 37 fa 21 3d 76");
    for (String opcode : List.of("3", "4", "5", "6", "7", "b", "c", "d", "e", "f")) {
      add(
          "WS-17",
          "reserved opcode " + opcode,
          at(1, failed(Violation.RESERVED_OPCODE)),
          "8" + opcode + " 80" + KEY);
    }
  }

  private void addLimits() {
    final Bytes open = Bytes.ofHex("01 80" + KEY);
    final Bytes more = Bytes.ofHex("00 80" + KEY);
    final List<Bytes> frames = new ArrayList<>(Collections.nCopies(1025, more));
    frames.set(0, open);
    addFrames(
        "WS-09",
        "1025 frames in one message",
        SERVER,
        List.copyOf(frames),
        List.of(at(1024 * 6 + 2, failed(Violation.TOO_MANY_FRAMES))));
    frames.subList(1023, 1025).clear();
    frames.add(Bytes.ofHex("80 80" + KEY));
    addFrames("WS-09", "1024 frames", SERVER, frames, List.of(at(1024 * 6, text(""))));

    add(
        "WS-22",
        "too big",
        at(10, failed(Violation.MESSAGE_TOO_BIG)),
        "82 ff 00 00 00 00 00 01 00 01" + KEY);
    add(
        "WS-22",
        "too big by far",
        at(10, failed(Violation.MESSAGE_TOO_BIG)),
        "82 ff 7f ff ff ff ff ff ff ff" + KEY);
    final Bytes first = masked(ReferenceEncoder.BINARY, 40_000).notFinal().encode();
    final Bytes second = masked(ReferenceEncoder.CONTINUATION, 30_000).encode();
    addFrames(
        "WS-22",
        "fragments 40 000 + 30 000",
        SERVER,
        List.of(first, second.slice(0, 20)),
        List.of(at(40_012, failed(Violation.MESSAGE_TOO_BIG))));
    final Bytes half = Bytes.of(new byte[100]);
    final Bytes begin = masked(ReferenceEncoder.BINARY, 100).notFinal().encode();
    addFrames(
        "WS-22",
        "fragments that fill the limit",
        SMALL,
        List.of(begin, masked(ReferenceEncoder.CONTINUATION, 100).encode()),
        List.of(at(212, binary(half.followedBy(half)))));
    addFrames(
        "WS-22",
        "fragments one byte over the limit",
        SMALL,
        List.of(begin, masked(ReferenceEncoder.CONTINUATION, 101).encode()),
        List.of(at(108, failed(Violation.MESSAGE_TOO_BIG))));
    final Bytes empty = masked(ReferenceEncoder.CONTINUATION, 0).notFinal().encode();
    final Bytes end = masked(ReferenceEncoder.CONTINUATION, 100).encode();
    final Event full = binary(half.followedBy(half));
    addFrames(
        "WS-22",
        "limits count anew for each message",
        SMALL,
        List.of(begin, end, begin, empty, end, begin, empty, end),
        List.of(at(212, full), at(430, full), at(648, full)));
    addFrames(
        "WS-22",
        "third fragment over the limit",
        SMALL,
        List.of(begin, masked(ReferenceEncoder.CONTINUATION, 60).notFinal().encode(), end),
        List.of(at(174, failed(Violation.MESSAGE_TOO_BIG))));
  }

  private void addControls() {
    add("WS-20", "fragmented ping", at(1, failed(Violation.CONTROL_FRAGMENTED)), "09 81" + KEY);
    add("WS-20", "fragmented close", at(1, failed(Violation.CONTROL_FRAGMENTED)), "08 80" + KEY);
    add("WS-21", "long ping", at(2, failed(Violation.CONTROL_TOO_LONG)), "89 fe 00 7e" + KEY);
    add(
        "WS-21",
        "long pong, 64-bit length",
        at(2, failed(Violation.CONTROL_TOO_LONG)),
        "8a ff 00 00 00 00 00 01 00 00" + KEY);
    final Bytes longest = Bytes.of(new byte[125]);
    addFrames(
        "WS-21",
        "longest ping",
        SERVER,
        List.of(masked(ReferenceEncoder.PING, 125).encode()),
        List.of(at(131, new Event.Ping(longest))));
    add(
        "WS-23",
        "ping",
        List.of(at(9, ping("abc")), at(15, ping(""))),
        "89 83 37 fa 21 3d 56 98 42",
        "89 80" + KEY);
    add(
        "WS-24",
        "unsolicited pong",
        at(9, new Event.Pong(Bytes.utf8("zzz"))),
        "8a 83 37 fa 21 3d 4d 80 5b");
  }

  private void addCloses() {
    addClose("WS-26", 1000, "34 12");
    addClose("WS-26", 1001, "34 13");
    addClose("WS-26", 1011, "34 09");
    addClose("WS-26", 1012, "34 0e");
    add("WS-27", "empty close", at(6, close(CloseCode.NO_STATUS, "")), "88 80" + KEY);
    add(
        "WS-31",
        "close payload of one byte",
        at(7, failed(Violation.CLOSE_PAYLOAD_TRUNCATED)),
        "88 81 37 fa 21 3d 34");
    for (String illegal :
        List.of(
            "0 37 fa",
            "999 34 1d",
            "1004 34 16",
            "1005 34 17",
            "1006 34 14",
            "1015 34 0d",
            "1016 34 02",
            "2999 3c 4d",
            "5000 24 72",
            "65535 c8 05")) {
      final int space = illegal.indexOf(' ');
      add(
          "WS-32",
          "illegal close code " + illegal.substring(0, space),
          at(8, failed(Violation.CLOSE_CODE_ILLEGAL)),
          "88 82" + KEY + illegal.substring(space));
    }
    add(
        "WS-33",
        "close reason not UTF-8",
        at(13, failed(Violation.CLOSE_REASON_NOT_UTF8)),
        "88 87 37 fa 21 3d 34 12 ef 87 da 5a a1");
    add("WS-33", "close reason", at(11, close(1000, "bye")), "88 85 37 fa 21 3d 34 12 43 44 52");
    addClose("WS-34", 1013, "34 0f");
    addClose("WS-34", 1014, "34 0c");
    addClose("WS-34", 3000, "3c 42");
    addClose("WS-34", 3999, "38 65");
    addClose("WS-34", 4000, "38 5a");
    addClose("WS-34", 4999, "24 7d");
    add(
        "A-38",
        "frames after a close",
        at(8, close(1001, "")),
        "88 82 37 fa 21 3d 34 13",
        "81 81 37 fa 21 3d 4f",
        "88 82 37 fa 21 3d 34 12");
  }

  private void addTexts() {
    Utf8Vector.all().forEach(text -> vectors.add(text.inFrame()));
    final Event notUtf8 = failed(Violation.TEXT_NOT_UTF8);
    add(
        "UT-30",
        "fail fast",
        at(19, notUtf8),
        "01 8d 37 fa 21 3d f9 40 c0 80 8e 35 a2 f3 8b 34 94 c9 a7");
    add(
        "UT-31",
        "code point over two fragments",
        at(15, text("€")),
        "01 82 37 fa 21 3d d5 78",
        "80 81 37 fa 21 3d 9b");
    add("UT-32", "open sequence at the end", at(8, notUtf8), "81 82 37 fa 21 3d d5 78");
    add(
        "UT-32",
        "open sequence at the end of two fragments",
        at(14, notUtf8),
        "01 81 37 fa 21 3d d5",
        "80 81 37 fa 21 3d b5");
    add(
        "UT-32",
        "open sequence before an empty last fragment",
        at(14, notUtf8),
        "01 82 37 fa 21 3d d5 78",
        "80 80" + KEY);
    add(
        "UT-33",
        "binary is not checked",
        at(8, binary(Bytes.ofHex("c0 80"))),
        "82 82 37 fa 21 3d f7 7a");
  }

  private static List<FrameVector> maskRule() {
    final Decided missing = at(2, failed(Violation.MASK_MISSING));
    final Decided unexpected = at(2, failed(Violation.MASK_UNEXPECTED));
    final FrameVectors frames = new FrameVectors();
    frames.add("WS-02", "unmasked from client", missing, "81 05 48 65 6c 6c 6f");
    frames.add("WS-02", "unmasked empty text", missing, "81 00");
    frames.add("WS-02", "unmasked ping", missing, "89 00");
    frames.add("WS-02", "unmasked close", missing, "88 02 03 e8");
    frames.add("WS-02", "unmasked, 16-bit length", missing, "82 7e 00 7e");
    final List<FrameVector> all = frames.vectors;
    for (String hex :
        List.of("81 85 37 fa 21 3d 7f 9f 4d 51 58", "81 80" + KEY, "89 80" + KEY, "88 80" + KEY)) {
      all.add(
          new FrameVector(
              "WS-30",
              "client receives masked frame " + hex.substring(0, 5),
              CLIENT,
              List.of(Bytes.ofHex(hex)),
              List.of(unexpected)));
    }
    return all;
  }

  private void addClose(String id, int code, String maskedCode) {
    add(id, "close " + code, at(8, close(code, "")), "88 82" + KEY + " " + maskedCode);
  }

  private void add(String id, String name, Decided expected, String... frames) {
    add(id, name, List.of(expected), frames);
  }

  private void add(String id, String name, List<Decided> expected, String... frames) {
    add(SERVER, id, name, expected, frames);
  }

  private void add(
      FrameRules rules, String id, String name, List<Decided> expected, String... frames) {
    addFrames(id, name, rules, Arrays.stream(frames).map(Bytes::ofHex).toList(), expected);
  }

  private void addFrames(
      String id, String name, FrameRules rules, List<Bytes> frames, List<Decided> expected) {
    vectors.add(new FrameVector(id, name, rules, frames, expected));
  }

  private static ReferenceEncoder masked(int opcode, int zeros) {
    return ReferenceEncoder.frame(opcode, Bytes.of(new byte[zeros])).masked();
  }

  private static Decided at(int bytes, Event event) {
    return new Decided(event, bytes);
  }

  private static Event text(String text) {
    return new Event.Message(true, Bytes.utf8(text));
  }

  private static Event binary(Bytes payload) {
    return new Event.Message(false, payload);
  }

  private static Event ping(String payload) {
    return new Event.Ping(Bytes.utf8(payload));
  }

  private static Event close(int code, String reason) {
    return new Event.Close(code, reason);
  }

  private static Event failed(Violation violation) {
    return new Event.Failed(violation);
  }
}
