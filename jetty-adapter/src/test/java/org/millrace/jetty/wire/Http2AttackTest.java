package org.millrace.jetty.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.harness.Bounded;
import org.millrace.jetty.harness.Events;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.RawHttp2;

/** Peers that use HTTP/2 to hold on to memory, to descriptors, or to bytes that are not theirs. */
class Http2AttackTest {
  private static final int SMALL_BUFFER = 4096;
  private static final int LARGEST_WINDOW = Integer.MAX_VALUE;
  private static final int STREAMS = 40;
  private static final int END_STREAM = 1;
  private static final int MESSAGE = 200_000;

  @TempDir private Path directory;

  private final Events events = new Events();
  private EchoServer server;

  private void start(Duration sendTimeout) throws Exception {
    start(sendTimeout, Duration.ofMinutes(5));
  }

  private void start(Duration sendTimeout, Duration keepAlive) throws Exception {
    server =
        new EchoServer(
            Optional.of(EchoServer.selfSigned(directory)),
            new EngineContext().shards(1),
            new ConnectionContext()
                .maxMessageSize(1 << 20)
                .maxReadsPerMessage(10_000)
                .sendTimeout(sendTimeout)
                .closeTimeout(Duration.ofMillis(500))
                .keepAliveTimeout(keepAlive)
                .pongTimeout(keepAlive)
                .sendQueueHighMark(1 << 20)
                .sendQueueHardLimit(1 << 21),
            events);
  }

  @AfterEach
  void everyConnectionEndsOnceAndNothingIsLeft() {
    server.close();
    assertThat(events.closed()).isEqualTo(events.opened());
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    assertThat(server.engine().errorLog().observations()).isZero();
  }

  private RawHttp2 openStreams(int streams, int window) throws IOException {
    final RawHttp2 peer = RawHttp2.connect(server.address(), SMALL_BUFFER, window);
    for (int i = 0; i < streams; i++) {
      peer.open(2 * i + 1, "/echo");
      peer.await(RawHttp2.HEADERS);
    }
    return peer;
  }

  private static byte[] message(char content) {
    final byte[] payload = new byte[MESSAGE];
    Arrays.fill(payload, (byte) content);
    return RawClient.masked(0x82, payload);
  }

  /**
   * A batch that the engine has back must not be read by Jetty any more: the next connection's
   * bytes would leave to this peer. Its writes are blocked by TCP when it makes Jetty reset its
   * streams, by data after their end, before the engine gives them up: then Jetty says at once that
   * the writes are cancelled, although it goes on with them.
   */
  @Test
  void resetStreamsNeverLeakTheBytesOfOthers() throws Exception {
    start(Duration.ofSeconds(30));
    try (RawHttp2 thief = openStreams(STREAMS, LARGEST_WINDOW);
        RawHttp2 victim = openStreams(STREAMS, LARGEST_WINDOW)) {
      sendToAll(thief, message('A'));
      for (int i = 0; i < STREAMS; i++) {
        thief.data(2 * i + 1, RawClient.masked(0x88, new byte[] {0x03, (byte) 0xE8}));
        thief.write(RawHttp2.frame(RawHttp2.DATA, END_STREAM, 2 * i + 1, new byte[0]));
        thief.data(2 * i + 1, new byte[1]);
      }
      awaitClosed(STREAMS);
      final long ofTheThief = server.engine().counter(EngineCounter.RECEIVED_MESSAGES);
      sendToAll(victim, message('S'));
      Bounded.await(
          30,
          "all received",
          () -> server.engine().counter(EngineCounter.RECEIVED_MESSAGES) == ofTheThief + STREAMS);
      assertThat(longestRun(thief, 'S')).isLessThan(100);
    }
    awaitClosed(STREAMS);
  }

  private static void sendToAll(RawHttp2 peer, byte[] message) throws IOException {
    for (int i = 0; i < STREAMS; i++) {
      peer.data(2 * i + 1, message);
    }
  }

  private void awaitClosed(int connections) throws InterruptedException {
    for (int i = 0; i < connections; i++) {
      events.awaitClosed();
    }
  }

  private int longestRun(RawHttp2 peer, char wanted) {
    int longest = 0;
    int run = 0;
    final byte[] buffer = new byte[65_536];
    try {
      peer.socket().setSoTimeout(2_000);
      for (int n; (n = peer.socket().getInputStream().read(buffer)) >= 0; ) {
        for (int i = 0; i < n; i++) {
          run = buffer[i] == wanted ? run + 1 : 0;
          longest = Math.max(longest, run);
        }
      }
    } catch (IOException e) {
      // The end, or nothing more to come.
    }

    return longest;
  }

  /** CVE-2024-22201: given up by the engine, then by Jetty, although nothing can be written. */
  @Test
  void aPeerThatBlocksTcpIsGivenUp() throws Exception {
    start(Duration.ofMillis(500), Duration.ofSeconds(1));
    try (RawHttp2 peer = openStreams(STREAMS, LARGEST_WINDOW)) {
      final byte[] blocking = message('A');
      for (int i = 0; i < STREAMS; i++) {
        peer.data(2 * i + 1, blocking);
      }
      for (int i = 0; i < STREAMS; i++) {
        events.awaitClosed();
      }
      idleTimeout(500);
      awaitNoEndPoints();
    }
  }

  @Test
  void aPeerWithAZeroWindowIsGivenUp() throws Exception {
    start(Duration.ofMillis(500));
    try (RawHttp2 peer = openStreams(STREAMS, 0)) {
      for (int i = 0; i < STREAMS; i++) {
        peer.data(2 * i + 1, RawClient.masked(0x81, new byte[] {'x'}));
      }
      for (int i = 0; i < STREAMS; i++) {
        assertThat(events.awaitClosed().violation()).isEqualTo(Violation.SEND_TIMEOUT);
      }
      idleTimeout(500);
      awaitNoEndPoints();
    }
  }

  /** Of connections that are open already: a handshake may take a busy machine longer. */
  private void idleTimeout(int timeoutMs) {
    for (final EndPoint endPoint : server.connector().getConnectedEndPoints()) {
      endPoint.setIdleTimeout(timeoutMs);
      final SslConnection tls = (SslConnection) endPoint.getConnection();
      ((HTTP2Connection) tls.getSslEndPoint().getConnection())
          .getSession()
          .getStreams()
          .forEach(stream -> stream.setIdleTimeout(timeoutMs));
    }
  }

  private void awaitNoEndPoints() {
    Bounded.await(
        30, "all sockets closed", () -> server.connector().getConnectedEndPoints().isEmpty());
    Bounded.await(
        30,
        "all batches given back",
        () -> server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE) == 0);
  }

  /**
   * CVE-2023-44487: a reset may come at any moment of the upgrade, and Jetty then tells nobody of
   * it; a connection that opens all the same must not stay.
   */
  @Test
  void aStreamResetInItsUpgradeLeavesNoConnection() throws Exception {
    start(Duration.ofSeconds(10));
    for (int round = 0; round < 10; round++) {
      try (RawHttp2 peer = RawHttp2.connect(server.address(), SMALL_BUFFER, LARGEST_WINDOW)) {
        for (int i = 0; i < STREAMS; i++) {
          peer.open(2 * i + 1, "/echo");
          peer.await(RawHttp2.HEADERS);
          peer.reset(2 * i + 1);
        }
        final int last = 2 * STREAMS + 1;
        peer.open(last, "/echo").await(RawHttp2.HEADERS);
        peer.data(last, RawClient.masked(0x81, new byte[] {'x'}));
        peer.await(RawHttp2.DATA);
        Bounded.await(30, "all but the last ended", () -> events.opened() - events.closed() == 1);
        peer.reset(last);
        Bounded.await(30, "all ended", () -> events.opened() == events.closed());
      }
    }
  }

  /** The shard's timers keep the time: Jetty's own do not cut what is merely idle. */
  @Test
  void anIdleConnectionWithStreamsIsLeftAlone() throws Exception {
    start(Duration.ofSeconds(10));
    try (RawHttp2 peer = openStreams(2, LARGEST_WINDOW)) {
      for (int i = 0; i < 2; i++) {
        peer.data(2 * i + 1, RawClient.masked(0x81, new byte[] {'x'})).await(RawHttp2.DATA);
      }
      idleTimeout(200);
      peer.socket().setSoTimeout(1_500);
      final Throwable[] end = new Throwable[1];
      try {
        while (true) {
          assertThat(peer.read().type()).isIn(RawHttp2.SETTINGS, RawHttp2.WINDOW_UPDATE);
        }
      } catch (SocketTimeoutException e) {
        end[0] = e;
      }
      assertThat(end[0]).isNotNull();
      assertThat(events.closed()).isZero();
    }
    events.awaitClosed();
    events.awaitClosed();
  }
}
