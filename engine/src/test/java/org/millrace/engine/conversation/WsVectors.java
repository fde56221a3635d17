package org.millrace.engine.conversation;

import static org.millrace.engine.conversation.VectorBuilder.vector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.millrace.engine.connection.CloseReply;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;

/**
 * WS-01 to WS-38, all bytes as the specification prints them. WS-04 is a way to run the others;
 * what of WS-24, WS-25, WS-29 and WS-37 depends on time or chance is in {@link TimedVectorTest}.
 */
final class WsVectors {
  private static final String KEY = " 37 fa 21 3d";

  private final List<ConversationVector> all = new ArrayList<>();

  private WsVectors() {}

  static List<ConversationVector> all() {
    final WsVectors vectors = new WsVectors();
    vectors.addMessages();
    vectors.addLengths();
    vectors.addHeaders();
    vectors.addLimits();
    vectors.addControls();
    vectors.addEncoding();
    vectors.addCloses();
    vectors.addIllegalCloses();
    vectors.addClosesOfOurs();
    return Collections.unmodifiableList(vectors.all);
  }

  private void addMessages() {
    add(vector("WS-01", "masked text").in("81 85 37 fa 21 3d 7f 9f 4d 51 58").text("Hello"));
    add(
        vector("WS-02", "unmasked from client")
            .in("81 05")
            .fails(1002, Violation.MASK_MISSING)
            .in("48 65 6c 6c 6f"));
    add(vector("WS-03", "empty messages").in("81 80" + KEY).text("").in("82 80" + KEY).binary(""));
    add(
        vector("WS-05", "ping between fragments")
            .in("01 82 37 fa 21 3d 64 b3")
            .in("89 83 37 fa 21 3d 56 98 42")
            .out("8a 03 61 62 63")
            .in("80 82 37 fa 21 3d 67 db")
            .text("SIP!"));
    add(
        vector("WS-06", "three fragments")
            .in("02 82 37 fa 21 3d 64 b3 00 81 37 fa 21 3d 67 80 81 37 fa 21 3d 16")
            .binary("53 49 50 21"));
    add(
        vector("WS-07", "continuation without start")
            .in("80")
            .fails(1002, Violation.CONTINUATION_WITHOUT_START)
            .in("81 37 fa 21 3d 4f"));
    add(
        vector("WS-08", "new message inside a message")
            .in("01 81 37 fa 21 3d 56 81")
            .fails(1002, Violation.MESSAGE_INSIDE_MESSAGE)
            .in("81 37 fa 21 3d 55"));
    add(
        vector("WS-09", "empty fragments")
            .in("01 80" + KEY + " 00 80" + KEY + " 80 81 37 fa 21 3d 76")
            .text("A"));
    add(
        vector("WS-09", "1025 frames in one message")
            .in("01 80" + KEY + (" 00 80" + KEY).repeat(1023) + " 00 80")
            .fails(1008, Violation.TOO_MANY_FRAMES)
            .in("37 fa 21 3d"));
    add(
        vector("WS-18", "two frames in one read")
            .in("81 81 37 fa 21 3d 76")
            .text("A")
            .in("81 81 37 fa 21 3d 75")
            .text("B"));
    final Bytes every = Bytes.of(IntStream.range(0, 256).toArray());
    add(
        vector("WS-19", "masking across splits")
            .in(ReferenceEncoder.frame(Opcode.BINARY, every).masked().encode())
            .delivers(VectorBuilder.binary(every)));
  }

  private void addLengths() {
    add(
        vector("WS-10", "16-bit length not minimal")
            .in("81 fe 00 05")
            .fails(1002, Violation.LENGTH_NOT_MINIMAL)
            .in("37 fa 21 3d 7f 9f 4d 51 58"));
    add(
        vector("WS-11", "64-bit length not minimal")
            .in("81 ff 00 00 00 00 00 00 00 05")
            .fails(1002, Violation.LENGTH_NOT_MINIMAL)
            .in("37 fa 21 3d 7f 9f 4d 51 58"));
    add(
        vector("WS-12", "64-bit length 65535")
            .in("82 ff 00 00 00 00 00 00 ff ff")
            .fails(1002, Violation.LENGTH_NOT_MINIMAL)
            .in("37 fa 21 3d"));
    final VectorBuilder lenient = vector("WS-12", "64-bit length 65535, lenient-length");
    lenient.with().lenientLength(true);
    final Bytes zeros = zeros(65_535);
    add(
        lenient
            .in(
                Bytes.ofHex("82 ff 00 00 00 00 00 00 ff ff 37 fa 21 3d")
                    .followedBy(ReferenceEncoder.mask(zeros, ReferenceEncoder.KEY)))
            .delivers(VectorBuilder.binary(zeros)));
    add(
        vector("WS-13", "64-bit length with top bit")
            .in("82 ff 80")
            .fails(1002, Violation.LENGTH_TOP_BIT)
            .in("00 00 00 00 00 00 00 37 fa 21 3d"));
  }

  private void addHeaders() {
    addReserved("WS-14", "RSV1 without extension", "c1", "81 37 fa 21 3d 76");
    addReserved("WS-15", "RSV2", "a1", "81 37 fa 21 3d 76");
    addReserved("WS-16", "RSV3 on a ping", "99", "81 37 fa 21 3d 76");
    for (String first : List.of("83", "87", "8b", "8f")) {
      add(
          vector("WS-17", "reserved opcode " + first.substring(1))
              .in(first)
              .fails(1002, Violation.RESERVED_OPCODE)
              .in("80" + KEY));
    }
  }

  private void addReserved(String id, String name, String first, String rest) {
    add(vector(id, name).in(first).fails(1002, Violation.RSV_BIT_SET).in(rest));
  }

  private void addLimits() {
    add(
        vector("WS-22", "too big")
            .in("82 ff 00 00 00 00 00 01 00 01")
            .fails(1009, Violation.MESSAGE_TOO_BIG)
            .in("37 fa 21 3d"));
    final Bytes first =
        ReferenceEncoder.frame(Opcode.BINARY, zeros(40_000)).notFinal().masked().encode();
    final Bytes second =
        ReferenceEncoder.frame(Opcode.CONTINUATION, zeros(30_000)).masked().encode();
    add(
        vector("WS-22", "fragments 40 000 + 30 000")
            .in(first)
            .in(second.slice(0, 4))
            .fails(1009, Violation.MESSAGE_TOO_BIG)
            .in(second.slice(4, second.length())));
  }

  private void addControls() {
    add(
        vector("WS-20", "fragmented ping")
            .in("09")
            .fails(1002, Violation.CONTROL_FRAGMENTED)
            .in("81 37 fa 21 3d 56"));
    add(
        vector("WS-21", "long ping")
            .in("89 fe")
            .fails(1002, Violation.CONTROL_TOO_LONG)
            .in("00 7e" + KEY));
    add(
        vector("WS-23", "ping")
            .in("89 83 37 fa 21 3d 56 98 42")
            .out("8a 03 61 62 63")
            .in("89 80" + KEY)
            .out("8a 00"));
    add(vector("WS-24", "unsolicited pong").in("8a 83 37 fa 21 3d 4d 80 5b"));
    final VectorBuilder flood = vector("WS-25", "100 pings at once");
    for (int i = 0; i < 100; i++) {
      flood.in(ReferenceEncoder.frame(Opcode.PING, Bytes.of('p', i)).masked().encode());
      if (i < 60) {
        flood.out(Bytes.of(0x8A, 0x02, 'p', i));
      } else if (i == 60) {
        flood.fails(1008, Violation.PING_FLOOD);
      }
    }
    add(flood);
  }

  private void addEncoding() {
    final VectorBuilder server = vector("WS-28", "server encoder headers");
    addSend(server, 0, "82 00", "");
    addSend(server, 125, "82 7d", "");
    addSend(server, 126, "82 7e 00 7e", "");
    addSend(server, 65_535, "82 7e ff ff", "");
    addSend(server, 65_536, "82 7f 00 00 00 00 00 01 00 00", "");
    add(server);
    final VectorBuilder client = vector("WS-29", "client encoder headers").client();
    addSend(client, 0, "82 80", KEY);
    addSend(client, 125, "82 fd", KEY);
    addSend(client, 126, "82 fe 00 7e", KEY);
    addSend(client, 65_535, "82 fe ff ff", KEY);
    addSend(client, 65_536, "82 ff 00 00 00 00 00 01 00 00", KEY);
    add(client);
    add(
        vector("WS-30", "client receives masked frame")
            .client()
            .in("81 85")
            .out("88 82 37 fa 21 3d 34 10")
            .ends(Ending.failed(1002, Violation.MASK_UNEXPECTED))
            .in("37 fa 21 3d 7f 9f 4d 51 58"));
  }

  private static void addSend(VectorBuilder vector, int length, String header, String key) {
    final Bytes payload = Bytes.of(IntStream.range(0, length).toArray());
    vector.send(Opcode.BINARY, payload).out(header + key);
    vector.out(key.isEmpty() ? payload : ReferenceEncoder.mask(payload, ReferenceEncoder.KEY));
  }

  private void addCloses() {
    addEcho("WS-26", "34 12", "03 e8", 1000);
    addEcho("WS-26", "34 13", "03 e9", 1001);
    addEcho("WS-26", "34 09", "03 f3", 1011);
    addEcho("WS-26", "34 0e", "03 f4", 1012);
    add(
        vector("WS-27", "empty close")
            .in("88 80" + KEY)
            .out("88 00")
            .ends(Ending.closedByPeer(Role.SERVER, 1005, "", CloseCode.NO_STATUS)));
    add(
        vector("WS-33", "close reason")
            .in("88 85 37 fa 21 3d 34 12 43 44 52")
            .out("88 02 03 e8")
            .ends(Ending.closedByPeer(Role.SERVER, 1000, "bye", 1000)));
    addEcho("WS-34", "34 0f", "03 f5", 1013);
    addEcho("WS-34", "34 0c", "03 f6", 1014);
    addEcho("WS-34", "3c 42", "0b b8", 3000);
    addEcho("WS-34", "38 65", "0f 9f", 3999);
    addEcho("WS-34", "38 5a", "0f a0", 4000);
    addEcho("WS-34", "24 7d", "13 87", 4999);
    final VectorBuilder kamailio = vector("WS-38", "close in profile kamailio");
    kamailio.with().closeReply(CloseReply.NORMAL_CLOSURE);
    add(
        kamailio
            .in("88 82 37 fa 21 3d 38 5a")
            .out("88 10 03 e8 4e 6f 72 6d 61 6c 20 63 6c 6f 73 75 72 65")
            .ends(Ending.closedByPeer(Role.SERVER, 4000, "", 1000)));
  }

  private void addEcho(String id, String masked, String echoed, int code) {
    add(
        vector(id, "close " + code)
            .in("88 82 37 fa 21 3d " + masked)
            .out("88 02 " + echoed)
            .ends(Ending.closedByPeer(Role.SERVER, code, "", code)));
  }

  private void addIllegalCloses() {
    add(
        vector("WS-31", "close payload of one byte")
            .in("88 81 37 fa 21 3d 34")
            .fails(1002, Violation.CLOSE_PAYLOAD_TRUNCATED));
    addIllegal("0", "37 fa");
    addIllegal("999", "34 1d");
    addIllegal("1004", "34 16");
    addIllegal("1005", "34 17");
    addIllegal("1006", "34 14");
    addIllegal("1015", "34 0d");
    addIllegal("1016", "34 02");
    addIllegal("2999", "3c 4d");
    addIllegal("5000", "24 72");
    addIllegal("65535", "c8 05");
    add(
        vector("WS-33", "close reason not UTF-8")
            .in("88 87 37 fa 21 3d 34 12 ef 87 da 5a a1")
            .fails(1007, Violation.CLOSE_REASON_NOT_UTF8));
  }

  private void addIllegal(String code, String masked) {
    add(
        vector("WS-32", "illegal close code " + code)
            .in("88 82 37 fa 21 3d " + masked)
            .fails(1002, Violation.CLOSE_CODE_ILLEGAL));
  }

  private void addClosesOfOurs() {
    add(
        vector("WS-35", "data after our close")
            .close(1001, "")
            .out("88 02 03 e9")
            .in("81 81 37 fa 21 3d 4f 89 81 37 fa 21 3d 4e 88 82 37 fa 21 3d 34 13")
            .ends(Ending.closedByServer(1001, 1001)));
    add(
        vector("WS-35", "data but no close after our close")
            .close(1001, "")
            .out("88 02 03 e9")
            .in("81 81 37 fa 21 3d 4f 89 81 37 fa 21 3d 4e")
            .silence(Duration.ofSeconds(5))
            .ends(Ending.unanswered(1001)));
    add(
        vector("WS-35", "our close within a message")
            .in("01 81 37 fa 21 3d 76")
            .close(1001, "")
            .out("88 02 03 e9")
            .in("80 81 37 fa 21 3d 4f 88 82 37 fa 21 3d 34 13")
            .ends(Ending.closedByServer(1001, 1001)));
    add(
        vector("WS-35", "our close within a frame")
            .in("81 85 37 fa 21 3d 7f 9f")
            .close(1001, "")
            .out("88 02 03 e9")
            .in("4d 51 58 88 82 37 fa 21 3d 34 13")
            .ends(Ending.closedByServer(1001, 1001)));
    add(
        vector("WS-35", "end of stream within the answer to our close")
            .close(1001, "")
            .out("88 02 03 e9")
            .in("88 82 37 fa 21 3d 34")
            .ends(Ending.unanswered(1001)));
    add(vector("WS-36", "end of stream"));
    add(vector("WS-36", "end of stream in the middle of a frame").in("81 85 37 fa 21 3d 7f 9f"));
    add(vector("WS-36", "end of stream in the middle of a header").in("81 fe 01"));
    add(vector("WS-36", "end of stream in the middle of a message").in("01 81 37 fa 21 3d 56"));
    add(
        vector("WS-37", "crossing closes")
            .close(1000, "")
            .out("88 02 03 e8")
            .in("88 82 37 fa 21 3d 34 13")
            .ends(Ending.closedByServer(1000, 1001)));
    add(
        vector("WS-37", "a violation instead of the answer to our close")
            .close(1000, "")
            .out("88 02 03 e8")
            .in("81 05")
            .ends(
                new Ending(Initiator.LOCAL, 1002, "", 1000, Violation.MASK_MISSING, false, true)));
  }

  private static Bytes zeros(int length) {
    return Bytes.of(new byte[length]);
  }

  private void add(VectorBuilder vector) {
    all.add(vector.build());
  }
}
