package org.millrace.jetty.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.harness.Events;
import org.millrace.jetty.harness.Http2Client;
import org.millrace.jetty.harness.RawClient;

/** WebSocket connections as streams of HTTP/2 (requirements ). */
class Http2WireTest {
  private static final HttpFields FIELDS =
      HttpFields.build().put("sec-websocket-version", "13").put("sec-websocket-protocol", "echo");

  @TempDir private Path directory;

  private final Events events = new Events();
  private EchoServer server;
  private Http2Client client;

  @BeforeEach
  void start() throws Exception {
    server =
        new EchoServer(
            Optional.of(EchoServer.selfSigned(directory)),
            new EngineContext().shards(1),
            new ConnectionContext()
                .maxMessageSize(1 << 20)
                .maxReadsPerMessage(10_000)
                .messageTimeout(Duration.ofMinutes(5))
                .keepAliveTimeout(Duration.ofMinutes(5))
                .lingerTimeout(Duration.ofSeconds(30))
                .sendQueueHighMark(1 << 20)
                .sendQueueHardLimit(1 << 21),
            events);
    client = Http2Client.connect(server.address());
  }

  @AfterEach
  void everyConnectionEndsOnceAndNothingIsLeft() {
    client.close();
    server.close();
    assertThat(events.closed()).isEqualTo(events.opened());
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    assertThat(server.engine().errorLog().observations()).isZero();
  }

  private Http2Client.Tunnel open() throws Exception {
    final Http2Client.Tunnel tunnel = client.connectTo("/echo", "websocket", FIELDS);
    assertThat(tunnel.response().getStatus()).isEqualTo(200);
    return tunnel;
  }

  @Test
  void h201SettingsEnableTheConnectProtocol() throws Exception {
    assertThat(client.settings()).containsEntry(8, 1);
  }

  @Test
  void h202AcceptsAndEchoes() throws Exception {
    final Http2Client.Tunnel tunnel = open();
    assertThat(tunnel.response().getHttpFields().get("sec-websocket-protocol")).isEqualTo("echo");
    assertThat(tunnel.response().getHttpFields().get("sec-websocket-accept")).isNull();
    for (final int size : new int[] {1, 126, 65_536, 1 << 20}) {
      final byte[] payload = new byte[size];
      Arrays.fill(payload, (byte) size);
      tunnel.send(RawClient.masked(0x82, payload), false);
      final int header = size < 126 ? 2 : size < 65_536 ? 4 : 10;
      assertThat(Arrays.copyOfRange(tunnel.read(header + size), header, header + size))
          .isEqualTo(payload);
    }
    tunnel.reset();
    events.awaitClosed();
  }

  @Test
  void h205UnmaskedFramesFailAndTheStreamEnds() throws Exception {
    final Http2Client.Tunnel tunnel = open();
    tunnel.send(new byte[] {(byte) 0x81, 0x02, 0x0D, 0x0A}, false);
    assertThat(tunnel.read(4)).containsExactly(0x88, 0x02, 0x03, 0xEA);
    tunnel.awaitEnd();
    tunnel.send(new byte[0], true);
    assertThat(events.awaitClosed().violation()).isEqualTo(Violation.MASK_MISSING);
  }

  @Test
  void closingTheWebSocketClosesItsStreamOnly() throws Exception {
    final Http2Client.Tunnel first = open();
    final Http2Client.Tunnel second = open();
    first.send(RawClient.masked(0x88, new byte[] {0x03, (byte) 0xE8}), false);
    assertThat(first.read(4)).containsExactly(0x88, 0x02, 0x03, 0xE8);
    first.awaitEnd();
    first.send(new byte[0], true);
    assertThat(events.awaitClosed().clean()).isTrue();
    second.send(RawClient.masked(0x81, new byte[] {'x'}), false);
    assertThat(second.read(3)).containsExactly(0x81, 0x01, 'x');
    second.reset();
    events.awaitClosed();
  }

  @Test
  void anEndedStreamIsAsAFin() throws Exception {
    final Http2Client.Tunnel tunnel = open();
    tunnel.send(new byte[] {(byte) 0x81, (byte) 0x85}, true);
    assertThat(events.awaitClosed().code()).isEqualTo(1006);
  }

  @Test
  void aResetStreamIsAsAReset() throws Exception {
    final Http2Client.Tunnel tunnel = open();
    tunnel.send(RawClient.masked(0x81, new byte[] {'x'}), false);
    tunnel.read(3);
    tunnel.reset();
    assertThat(events.awaitClosed().initiator()).isEqualTo(Initiator.REMOTE);
  }

  /** A zero window holds up the write for ever (CVE-2024-22201): it is ended with the stream. */
  @Test
  void aStreamWhoseWindowIsClosedIsCutOff() throws Exception {
    final Http2Client.Tunnel tunnel = open();
    tunnel.stopReading();
    sendUntilItFails(tunnel);
    assertThat(events.awaitClosed().violation()).isEqualTo(Violation.SLOW_CONSUMER);
    assertThat(tunnel.awaitReset()).isEqualTo(ErrorCode.CANCEL_STREAM_ERROR.code);
    final Http2Client.Tunnel other = open();
    other.send(RawClient.masked(0x81, new byte[] {'x'}), false);
    other.read(3);
    other.reset();
    events.awaitClosed();
  }

  private static void sendUntilItFails(Http2Client.Tunnel tunnel) throws Exception {
    final byte[] message = RawClient.masked(0x82, new byte[500_000]);
    try {
      for (int i = 0; i < 8; i++) {
        tunnel.send(message, false);
      }
    } catch (ExecutionException e) {
      // It was cut off before it has sent everything.
    }
  }

  @Test
  void aLostConnectionEndsAllItsStreams() throws Exception {
    final Http2Client.Tunnel first = open();
    final Http2Client.Tunnel second = open();
    first.send(RawClient.masked(0x81, new byte[] {'x'}), false);
    first.read(3);
    second.send(RawClient.masked(0x81, new byte[] {'x'}), false);
    second.read(3);
    client.close();
    assertThat(events.awaitClosed().code()).isEqualTo(1006);
    assertThat(events.awaitClosed().code()).isEqualTo(1006);
  }
}
