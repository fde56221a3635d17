package org.millrace.jetty.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.frame.CloseCode;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.harness.Bounded;
import org.millrace.jetty.harness.Events;
import org.millrace.jetty.harness.RawClient;

/** The attacks on others that need nothing but a socket and frames. */
class SocketAttackTest {
  private final Events events = new Events();
  private EchoServer server;

  private void start(ConnectionContext context) throws Exception {
    server =
        new EchoServer(
            Optional.empty(),
            new EngineContext().shards(1).maxConnections(4096),
            context.keepAliveTimeout(Duration.ofMinutes(5)).messageTimeout(Duration.ofMinutes(5)),
            events);
  }

  @AfterEach
  void everyConnectionEndsOnceAndNothingIsLeft() {
    server.close();
    assertThat(events.closed()).isEqualTo(events.opened());
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    assertThat(server.engine().errorLog().observations()).isZero();
  }

  private RawClient open() throws IOException {
    final RawClient client = RawClient.connect(server.address());
    assertThat(client.upgrade("/echo", "echo")).startsWith("HTTP/1.1 101 ");
    return client;
  }

  /** CVE-2020-13935, CVE-2026-19204: refused at the header, and nothing is allocated for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "82 ff 80 00 00 00 00 00 00 00", // top bit
        "82 ff ff ff ff ff ff ff ff ff", // all ones
        "83 ff 00 00 00 00 40 00 00 00", // reserved opcodes with 1 GiB
        "8b ff 00 00 00 00 40 00 00 00",
        "89 fe 00 7e", // a control frame that is too long
        "89 ff 00 00 00 00 00 00 00 01"
      })
  void lengthsThatNobodyMaySendAreProtocolErrors(String head) throws Exception {
    start(new ConnectionContext());
    try (RawClient client = open()) {
      client.sendHex(head + "00 00 00 00");
      assertThat(client.readFrame().closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
      assertThat(client.read()).isEqualTo(-1);
    }
    events.awaitClosed();
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES)).isLessThan(1 << 20);
  }

  @Test
  void aLengthOfTerabytesIsTooBig() throws Exception {
    start(new ConnectionContext());
    try (RawClient client = open()) {
      client.sendHex("82 ff 00 00 10 00 00 00 00 20 00 00 00 00");
      assertThat(client.readFrame().closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
    }
    events.awaitClosed();
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES)).isLessThan(1 << 20);
  }

  /** CVE-2014-0193, CVE-2026-42786: the cap is over all fragments together. */
  @Test
  void endlessContinuationsEndAtTheCap() throws Exception {
    start(
        new ConnectionContext()
            .maxMessageSize(1 << 16)
            .maxFramesPerMessage(1_000_000)
            .maxReadsPerMessage(1_000_000));
    try (RawClient client = open()) {
      client.send(RawClient.masked(0x02, new byte[1000]));
      for (int i = 0; i < 65; i++) {
        client.send(RawClient.masked(0x00, new byte[1000]));
      }
      assertThat(client.readFrame().closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
    }
    events.awaitClosed();
  }

  /** CVE-2026-48779: held bytes follow the bytes sent, however small the pieces. */
  @Test
  void fragmentsOfOneByteHoldNoMoreThanTheyAre() throws Exception {
    final int perClient = 20_000;
    final int clients = 10;
    start(
        new ConnectionContext()
            .maxMessageSize(1 << 16)
            .maxFramesPerMessage(1_000_000)
            .maxReadsPerMessage(1_000_000));
    final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
    fragments.writeBytes(RawClient.masked(0x02, new byte[1]));
    for (int i = 1; i < perClient; i++) {
      fragments.writeBytes(RawClient.masked(0x00, new byte[1]));
    }
    final List<RawClient> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(open());
    }
    final long heapBefore = heap();
    for (final RawClient client : all) {
      client.send(fragments.toByteArray()).send(RawClient.masked(0x89, new byte[] {'x'}));
      assertThat(client.readFrame().firstByte()).isEqualTo(0x8A); // all before was taken
    }
    final long wireBytes = (long) clients * fragments.size();
    Bounded.await(
        30,
        "the counter to be up to date",
        () -> server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE) > 0);
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE))
        .isLessThanOrEqualTo(2 * wireBytes);
    assertThat(heap() - heapBefore).isLessThanOrEqualTo(2 * wireBytes + (16 << 20));
    for (final RawClient client : all) {
      client.close();
      events.awaitClosed();
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** CVE-2021-3690: a pong costs no buffer. */
  @Test
  void aFloodOfPongsLeavesThePoolAlone() throws Exception {
    start(new ConnectionContext());
    final ByteArrayOutputStream pongs = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      pongs.writeBytes(RawClient.masked(0x8A, new byte[100]));
    }
    final byte[] flood = pongs.toByteArray();
    try (RawClient client = open()) {
      client.sendText("hi").readFrame();
      final long pooled = server.engine().counter(EngineCounter.POOLED_BYTES);
      for (int i = 0; i < 30; i++) {
        client.send(flood);
      }
      assertThat(client.sendText("hi").readFrame().text()).isEqualTo("hi");
      assertThat(server.engine().counter(EngineCounter.POOLED_BYTES))
          .isLessThanOrEqualTo(pooled + (1 << 20));
    }
    events.awaitClosed();
  }

  /** CVE-2026-45736: pooled buffers are full of what others sent, and none of that leaves. */
  @Test
  void onlyWrittenBytesLeave() throws Exception {
    start(new ConnectionContext());
    try (RawClient loud = open();
        RawClient quiet = open()) {
      final Random random = new Random(7);
      for (int i = 0; i < 200; i++) {
        final byte[] secret = new byte[1 + random.nextInt(60_000)];
        Arrays.fill(secret, (byte) 'S');
        assertThat(loud.sendFrame(2, secret).readFrame().payload()).isEqualTo(secret);
        final byte[] own = new byte[random.nextInt(300)];
        Arrays.fill(own, (byte) 'q');
        assertThat(quiet.sendFrame(2, own).readFrame().payload()).isEqualTo(own);
        final byte[] ping = Arrays.copyOf(own, Math.min(own.length, 125));
        if (i % 20 == 0) {
          assertThat(quiet.sendFrame(9, ping).readFrame().payload()).isEqualTo(ping);
        }
      }
      quiet.send(RawClient.masked(0x88, "\3\350bye".getBytes(ISO_8859_1)));
      final byte[] close = quiet.readFrame().payload();
      assertThat(close.length).isGreaterThanOrEqualTo(2);
      assertThat(new String(close, ISO_8859_1)).doesNotContain("S");
      assertThat(quiet.read()).isEqualTo(-1);
    }
    events.awaitClosed();
    events.awaitClosed();
  }

  /** CVE-2024-23672: whoever does not answer our Close, nor ends the socket, is ended. */
  @Test
  @Tag("slow")
  void peersThatNeverAnswerACloseAreReaped() throws Exception {
    final int peers = 2_000;
    start(
        new ConnectionContext()
            .closeTimeout(Duration.ofSeconds(1))
            .failTimeout(Duration.ofSeconds(1))
            .lingerTimeout(Duration.ofSeconds(1)));
    final List<RawClient> all = new ArrayList<>();
    try {
      for (int i = 0; i < peers; i++) {
        all.add(open());
      }
      for (int i = 0; i < peers; i++) {
        assertThat(server.engine().close(events.awaitOpened(), CloseCode.GOING_AWAY, "")).isTrue();
      }
      for (int i = 0; i < peers; i++) {
        assertThat(events.awaitClosed().clean()).isFalse();
      }
      Bounded.await(
          30, "all sockets closed", () -> server.connector().getConnectedEndPoints().isEmpty());
    } finally {
      for (final RawClient client : all) {
        client.close();
      }
    }
  }

  /** Resets at every moment of the way from accept to the first frame leave nothing behind. */
  @Test
  @Tag("slow")
  void resetsInEveryPhaseLeaveNothing() throws Exception {
    start(new ConnectionContext());
    final byte[] whole =
        (RawClient.request("/echo", "echo")
                + new String(RawClient.masked(0x82, new byte[500]), ISO_8859_1))
            .getBytes(ISO_8859_1);
    for (int cut = 0; cut <= whole.length; cut += 3) {
      try (RawClient client = RawClient.connect(server.address())) {
        final Socket socket = client.resetOnClose().socket();
        socket.getOutputStream().write(whole, 0, cut);
      }
    }
    Bounded.await(
        30, "all sockets closed", () -> server.connector().getConnectedEndPoints().isEmpty());
    Bounded.await(30, "all ended", () -> events.closed() == events.opened());
  }
}
