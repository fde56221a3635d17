package org.millrace.jetty.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.jetty.harness.RawClient;

class JettyWireTest {
  @TempDir private Path directory;

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void echoesMessagesOfEverySize(boolean tls) throws Exception {
    try (EchoServer server = server(tls);
        RawClient client = connect(server, tls)) {
      final String head = client.upgrade("/echo", "Echo");
      assertThat(head)
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("Sec-WebSocket-Protocol: Echo\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
      for (final int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1_000_000}) {
        final byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) size);
        client.sendFrame(2, payload);
        final RawClient.Frame frame = client.readFrame();
        assertThat(frame.firstByte()).isEqualTo(0x82);
        assertThat(frame.payload()).isEqualTo(payload);
      }
    }
  }

  private EchoServer server(boolean tls) throws Exception {
    return new EchoServer(
        tls ? Optional.of(EchoServer.selfSigned(directory)) : Optional.empty(),
        new EngineContext().shards(1),
        new ConnectionContext().maxMessageSize(1 << 20).sendQueueHardLimit(1 << 22),
        ConnectionListener.NONE);
  }

  private static RawClient connect(EchoServer server, boolean tls) throws Exception {
    return tls ? RawClient.connectTls(server.address()) : RawClient.connect(server.address());
  }
}
