package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.harness.Frames.close;
import static org.millrace.engine.harness.Frames.ping;
import static org.millrace.engine.harness.Frames.text;

import java.net.InetSocketAddress;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;

/** The closing handshake over a transport that takes what it is given. */
class ClosingTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  @Test
  void serverAnswersCloseAndEndsItsDirectionFirst() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.says(close(1001, "bye"));
      assertThat(peer.hears()).containsExactly("CLOSE 1001");
      assertThat(peer.wire().calls()).containsExactly("opened", "shutdownOutput");
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event)
          .isEqualTo(
              new ClosedEvent(
                  peer.id(),
                  Initiator.REMOTE,
                  1001,
                  "bye",
                  1001,
                  null,
                  true,
                  null,
                  InetSocketAddress.createUnresolved("local.invalid", 443),
                  InetSocketAddress.createUnresolved("remote.invalid", 51234)));
      assertThat(peer.wire().calls()).containsExactly("opened", "shutdownOutput", "close");
    }
  }

  @Test
  void clientAnswersCloseAndWaitsForTheServerToEnd() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.CLIENT));
      peer.says(close(1001, "bye"));
      assertThat(peer.hears()).containsExactly("CLOSE 1001");
      engine.advanceMillis(4_900);
      peer.assertOpen();
      peer.wire().endOfInput();
      assertThat(peer.closed().clean()).isTrue();
      assertThat(peer.wire().calls()).containsExactly("opened", "close");
    }
  }

  @Test
  void clientWaitsForTheServerNoLongerThanCloseTimeout() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.CLIENT));
      peer.says(close(1000));
      engine.step();
      engine.advanceMillis(4_990);
      peer.assertOpen();
      engine.advanceMillis(30);
      final ClosedEvent event = peer.closed();
      assertThat(event.code()).isEqualTo(1000);
      assertThat(event.clean()).isTrue();
    }
  }

  @Test
  void serverWaitsForTheEndOfInputNoLongerThanLingerTimeout() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      peer.says(close(1000));
      engine.step();
      engine.advanceMillis(1_990);
      peer.assertOpen();
      engine.advanceMillis(30);
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void weCloseAndThePeerAnswers(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      assertThat(engine.engine().close(peer.id(), 1000, "done")).isTrue();
      assertThat(peer.hears()).containsExactly("CLOSE 1000 done");
      assertThat(peer.connection().state()).isEqualTo(ConnectionState.CLOSING);
      peer.says(close(1000, "ok"));
      assertThat(peer.hears()).isEmpty();
      assertThat(peer.wire().isOutputShut()).isEqualTo(role == Role.SERVER);
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.code()).isEqualTo(1000);
      assertThat(event.reason()).isEqualTo("ok");
      assertThat(event.sentCode()).isEqualTo(1000);
      assertThat(event.clean()).isTrue();
      assertThat(event.violation()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void weCloseAndThePeerNeverAnswers(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.engine().close(peer.id(), 1001, "leaving");
      engine.step();
      engine.advanceMillis(4_990);
      peer.assertOpen();
      engine.advanceMillis(30);
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.code()).isEqualTo(1006);
      assertThat(event.reason()).isEqualTo("leaving");
      assertThat(event.sentCode()).isEqualTo(1001);
      assertThat(event.clean()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aPeerThatChattersInsteadOfAnsweringIsNotWaitedForLonger(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.engine().close(peer.id(), 1000, "");
      engine.step();
      for (int i = 0; i < 49; i++) {
        engine.advanceMillis(100);
        peer.says(text("still here"));
      }
      peer.assertOpen();
      engine.advanceMillis(130);
      assertThat(peer.closed().code()).isEqualTo(1006);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void crossingClosesMakeNoSecondOne(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.engine().close(peer.id(), 1000, "");
      assertThat(peer.hears()).containsExactly("CLOSE 1000");
      peer.says(close(1001));
      assertThat(peer.hears()).isEmpty();
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.code()).isEqualTo(1001);
      assertThat(event.sentCode()).isEqualTo(1000);
      assertThat(event.clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closesThatCrossWithinOneCycleMakeNoSecondOne(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(close(1001));
      engine.engine().close(peer.id(), 1000, "");
      assertThat(peer.hears()).hasSize(1);
      peer.wire().endOfInput();
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void closeWithinACallbackCrossesTheCloseInTheSameRead(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              context(role),
              new RecordingHandler() {
                @Override
                public void onMessage(
                    Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
                  super.onMessage(from, opcode, buffer, offset, length);
                  assertThat(from.close(1000, "enough")).isTrue();
                  assertThat(from.close(1000, "twice")).isFalse();
                }
              });
      peer.wire().deliver(concat(peer.bytes(text("x")), peer.bytes(close(1001))));
      assertThat(peer.hears()).containsExactly("CLOSE 1000 enough");
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
      assertThat(event.code()).isEqualTo(1001);
      assertThat(event.clean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void nothingIsReadAfterThePeersClose(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.wire()
          .deliver(concat(peer.bytes(close(1000)), peer.bytes(text("late")), new byte[] {0x7F}));
      peer.says(ping("late"), close(1001), close(1002));
      assertThat(peer.hears()).containsExactly("CLOSE 1000");
      assertThat(peer.handler().messages()).isEmpty();
      peer.wire().endOfInput();
      assertThat(peer.closed().code()).isEqualTo(1000);
      assertThat(engine.engine().violations(Violation.RSV_BIT_SET)).isZero();
    }
  }

  /** WS-35. */
  @ParameterizedTest
  @EnumSource(Role.class)
  void dataAndPingsAfterOurCloseAreDiscarded(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      engine.engine().close(peer.id(), 1001, "");
      assertThat(peer.hears()).containsExactly("CLOSE 1001");
      peer.says(text("x"), ping("y"), text("fragment").notFinal(), ping("z"));
      assertThat(peer.hears()).isEmpty();
      assertThat(peer.handler().messages()).isEmpty();
      peer.says(close(1001));
      peer.wire().endOfInput();
      assertThat(peer.closed().clean()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
      })
  void closeIsAnsweredWithItsCode(int code) {
    for (final Role role : Role.values()) {
      try (CheckedEngine engine = new CheckedEngine()) {
        final Peer peer = engine.open(context(role));
        peer.says(close(code, "because"));
        assertThat(peer.hears()).containsExactly("CLOSE " + code);
        peer.wire().endOfInput();
        assertThat(peer.closed().code()).isEqualTo(code);
        assertThat(peer.closed().reason()).isEqualTo("because");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"SERVER, 1000", "CLIENT, 1010"})
  void code1010IsForClientsToSend(Role role, int reply) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(close(1010));
      assertThat(peer.hears()).containsExactly("CLOSE " + reply);
      peer.wire().endOfInput();
      assertThat(peer.closed().code()).isEqualTo(1010);
      assertThat(peer.closed().sentCode()).isEqualTo(reply);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
  void illegalCloseCodesAreAnsweredWith1002(int code) {
    for (final Role role : Role.values()) {
      try (CheckedEngine engine = new CheckedEngine()) {
        final Peer peer = engine.open(context(role));
        peer.says(close(code));
        assertThat(peer.hears()).containsExactly("CLOSE 1002");
        peer.wire().endOfInput();
        assertThat(peer.closed().code()).isEqualTo(1002);
        assertThat(peer.closed().violation()).isEqualTo(Violation.CLOSE_CODE_ILLEGAL);
        assertThat(peer.closed().clean()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void emptyCloseIsAnsweredWithAnEmptyOne(Role role) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(role));
      peer.says(close());
      assertThat(peer.hears()).containsExactly("CLOSE");
      peer.wire().endOfInput();
      final ClosedEvent event = peer.closed();
      assertThat(event.code()).isEqualTo(1005);
      assertThat(event.sentCode()).isEqualTo(1005);
      assertThat(event.clean()).isTrue();
    }
  }

  /** WS-38. */
  @Test
  void kamailioReplyIsAlwaysNormalClosure() {
    try (CheckedEngine engine = new CheckedEngine()) {
      for (final var frame : List.of(close(4000), close(), close(1010))) {
        final Peer peer = engine.open(context(Role.SERVER).closeReply(CloseReply.NORMAL_CLOSURE));
        peer.says(frame);
        assertThat(peer.hears()).containsExactly("CLOSE 1000 Normal closure");
        peer.wire().endOfInput();
        assertThat(peer.closed().sentCode()).isEqualTo(1000);
      }
    }
  }

  private static byte[] concat(byte[]... parts) {
    final java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (final byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
