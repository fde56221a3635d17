package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.engine.harness.Frames.text;

import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Peer;
import org.millrace.engine.harness.RecordingHandler;

/** Codes and reasons with which a program closes. */
class CloseArgumentsTest {
  private static ConnectionContext context(Role role) {
    return new ConnectionContext().role(role).keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  @Test
  void reasonIsCutBetweenCodePoints() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      engine.engine().close(peer.id(), 1000, "a" + "\u20ac".repeat(60));
      assertThat(peer.hears()).containsExactly("CLOSE 1000 a" + "\u20ac".repeat(40));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1004, 1006, 1010, 1015, 1016, 2999, 5000, 65536 + 1000})
  void codesThatMustNotBeSentAreRefusedAndChangeNothing(int code) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER), new ClosingOnMessage(code, ""));
      assertThatThrownBy(() -> engine.engine().close(peer.id(), code, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("code=" + code);
      peer.says(text("x"));
      assertThat(peer.hears()).isEmpty();
      peer.assertOpen();
      assertThat(((ClosingOnMessage) peer.handler()).thrown)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("code=" + code);
    }
  }

  @Test
  void aReasonOfNullIsRefusedOrEmptyButNeverHalfOfAClose() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final ClosingOnMessage handler = new ClosingOnMessage(1000, null);
      final Peer peer = engine.open(context(Role.SERVER), handler);
      peer.says(text("x"));
      final List<String> heard = peer.hears();
      if (handler.thrown == null) {
        assertThat(heard).containsExactly("CLOSE 1000");
      } else {
        assertThat(peer.connection().state()).isEqualTo(ConnectionState.OPEN);
        assertThat(peer.handler().calls()).doesNotContain("closing");
      }
    }
  }

  @Test
  void aReasonOfNullFromAnotherThreadCostsNoConnection() {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer = engine.open(context(Role.SERVER));
      try {
        engine.engine().close(peer.id(), 1000, null);
        assertThat(peer.hears()).containsExactly("CLOSE 1000");
      } catch (NullPointerException | IllegalArgumentException e) {
        peer.assertOpen();
      }
    }
  }

  /** Closes as told when a message comes, and catches what that throws. */
  private static final class ClosingOnMessage extends RecordingHandler {
    private final int code;
    private final String reason;
    private RuntimeException thrown;

    ClosingOnMessage(int code, String reason) {
      this.code = code;
      this.reason = reason;
    }

    @Override
    public void onMessage(
        Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
      super.onMessage(from, opcode, buffer, offset, length);
      try {
        from.close(code, reason);
      } catch (RuntimeException e) {
        thrown = e;
      }
    }
  }
}
