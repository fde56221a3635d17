package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.RecordingHandler;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/** What a listener may do to connections that are not its own. */
class ListenerTest {
  private static ConnectionContext context() {
    return new ConnectionContext().keepAliveMechanism(KeepAliveMechanism.NONE);
  }

  @Test
  void aListenerThatThrowsCostsNothing() {
    try (TestEngine engine =
        new TestEngine(
            CheckedEngine.small()
                .listener(
                    new ConnectionListener() {
                      @Override
                      public void onOpened(Connection connection) {
                        throw new IllegalStateException("opened");
                      }

                      @Override
                      public void onClosed(Connection connection, ClosedEvent event) {
                        throw new IllegalStateException("closed");
                      }
                    }))) {
      engine.expectErrors();
      final RecordingHandler handler = new RecordingHandler();
      final TestWire wire = engine.open(context(), handler);
      assertThat(handler.connection().state()).isEqualTo(ConnectionState.OPEN);
      wire.endOfInput();
      engine.step();
      handler.closedOnce();
      assertThat(engine.engine().counter(EngineCounter.ERRORS)).isEqualTo(2);
      assertThat(engine.engine().counter(EngineCounter.CURRENT_CONNECTIONS)).isZero();
    }
  }

  /** "onOpened first" (MessageHandler), whatever the listener does. */
  @Test
  void theHandlerHearsOfOpenedFirstEvenIfTheListenerCloses() {
    try (TestEngine engine =
        new TestEngine(
            CheckedEngine.small()
                .listener(
                    new ConnectionListener() {
                      @Override
                      public void onOpened(Connection connection) {
                        connection.close(1000, "");
                      }
                    }))) {
      final RecordingHandler handler = new RecordingHandler();
      final TestWire wire = engine.open(context(), handler);
      wire.endOfInput();
      engine.step();
      assertThat(handler.calls()).containsExactly("opened", "closing", "closed");
    }
  }
}
