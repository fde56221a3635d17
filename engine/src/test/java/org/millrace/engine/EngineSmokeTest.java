package org.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;

class EngineSmokeTest {
  @Test
  void echoesAndCloses() {
    try (TestEngine engine = new TestEngine()) {
      final RecordingHandler handler =
          new RecordingHandler() {
            @Override
            public void onMessage(
                Connection from, int opcode, DirectBuffer buffer, int offset, int length) {
              from.send(opcode, buffer, offset, length);
            }
          };
      final TestWire wire = engine.open(new ConnectionContext(), handler);
      wire.deliver(bytes("818537fa213d7f9f4d5158"));
      engine.step();
      assertThat(wire.takeWritten()).isEqualTo(bytes("810548656c6c6f"));
      wire.deliver(bytes("888237fa213d3412"));
      engine.step();
      assertThat(wire.takeWritten()).isEqualTo(bytes("880203e8"));
      wire.endOfInput();
      engine.step();
      assertThat(handler.closedOnce().code()).isEqualTo(1000);
      assertThat(wire.calls()).containsExactly("opened", "shutdownOutput", "close");
    }
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.of().parseHex(hex);
  }
}
