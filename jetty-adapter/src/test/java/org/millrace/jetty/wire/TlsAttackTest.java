package org.millrace.jetty.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.harness.Bounded;
import org.millrace.jetty.harness.CorkedTls;
import org.millrace.jetty.harness.Events;
import org.millrace.jetty.harness.RawClient;

/** What a peer can do with TLS that no proper one does. */
class TlsAttackTest {
  private static final int SMALLEST_RING = 64 * 1024;
  private static final byte[] CLOSE = RawClient.masked(0x88, new byte[] {0x03, (byte) 0xE8});

  @TempDir private Path directory;

  private final Events events = new Events();
  private EchoServer server;

  private void start(EngineContext engine) throws Exception {
    server =
        new EchoServer(
            Optional.of(EchoServer.selfSigned(directory)),
            engine.shards(1),
            new ConnectionContext()
                .maxMessageSize(1 << 20)
                .maxReadsPerMessage(1_000_000)
                .messageTimeout(Duration.ofMinutes(5))
                .keepAliveTimeout(Duration.ofMinutes(5))
                .sendQueueHighMark(1 << 22)
                .sendQueueHardLimit(1 << 22),
            events);
  }

  @AfterEach
  void everyConnectionEndsOnceAndNothingIsLeft() {
    server.close();
    assertThat(events.closed()).isEqualTo(events.opened());
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    assertThat(server.engine().errorLog().observations()).isZero();
  }

  private CorkedTls open(String protocol) throws IOException {
    return CorkedTls.connect(server.address(), protocol).upgrade("/echo");
  }

  private long received() {
    return server.engine().counter(EngineCounter.RECEIVED_MESSAGES);
  }

  private static byte[] text(String text) {
    return RawClient.masked(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What was decrypted before a record that cannot be is received. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void messagesBeforeABadRecordAreReceived(String protocol) throws Exception {
    start(new EngineContext());
    try (CorkedTls peer = open(protocol)) {
      peer.cork().write(text("last words"));
      peer.writeRaw((byte) 23, (byte) 3, (byte) 3, (byte) 0, (byte) 40).writeRaw(new byte[40]);
      peer.uncork();
      assertThat(events.awaitClosed().code()).isEqualTo(1006);
      assertThat(received()).isEqualTo(1);
    }
  }

  /** As above, with a FIN where a close_notify should be; and within a record. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 20})
  void aFinWithoutACloseNotifyIsAnEnd(int bytesOfARecord) throws Exception {
    start(new EngineContext());
    try (CorkedTls peer = open("TLSv1.3")) {
      peer.cork().write(text("last words"));
      peer.writeRaw(java.util.Arrays.copyOf(new byte[] {23, 3, 3, 0, 100}, bytesOfARecord));
      peer.uncork().plain().shutdownOutput();
      assertThat(events.awaitClosed().code()).isEqualTo(1006);
      assertThat(received()).isEqualTo(1);
    }
  }

  /**
   * A peer that is done with writing, but not with reading. With TLS 1.2 its close_notify ends both
   * directions (RFC 5246 section 7.2.1), and no reply can be sent.
   */
  @Test
  void aCloseNotifyAfterTheCloseDoesNotCutTheReplyOff() throws Exception {
    start(new EngineContext());
    try (CorkedTls peer = open("TLSv1.3")) {
      peer.cork().write(CLOSE);
      peer.tls().shutdownOutput();
      peer.uncork();
      assertThat(peer.in().readNBytes(4)).containsExactly(0x88, 0x02, 0x03, 0xE8);
      assertThat(peer.in().read()).isEqualTo(-1);
      assertThat(events.awaitClosed().clean()).isTrue();
    }
  }

  /** The end that was seen together with bytes for which the ring had no room is not forgotten. */
  @Test
  void aCloseNotifyBehindAFullRingDoesNotCutTheReplyOff() throws Exception {
    start(new EngineContext().ringCapacity(SMALLEST_RING));
    for (int i = 0; i < 50; i++) {
      try (CorkedTls peer = open("TLSv1.3")) {
        peer.cork();
        peer.write(RawClient.masked(0x82, new byte[40_000]));
        peer.write(CLOSE);
        peer.tls().shutdownOutput();
        peer.uncork();
        final byte[] all = peer.in().readAllBytes();
        assertThat(all).hasSize(40_000 + 4 + 4).endsWith(0x88, 0x02, 0x03, 0xE8);
        assertThat(events.awaitClosed().clean()).isTrue();
      }
    }
  }

  /** A record of one byte costs a system call and a decryption: others go on meanwhile. */
  @Test
  void recordsOfOneByteHoldNobodyUp() throws Exception {
    start(new EngineContext());
    try (CorkedTls peer = open("TLSv1.3");
        RawClient other = RawClient.connectTls(server.address())) {
      other.upgrade("/echo", "echo");
      peer.cork();
      peer.writeSingly(RawClient.masked(0x82, new byte[100_000]));
      final Thread sender = new Thread(() -> uncork(peer));
      sender.start();
      int meanwhile = 0;
      while (received() <= meanwhile && events.closed() == 0) {
        assertThat(other.sendText("hi").readFrame().text()).isEqualTo("hi");
        meanwhile++;
      }
      sender.join();
      assertThat(received()).isEqualTo(meanwhile + 1);
    }
    events.awaitClosed();
    events.awaitClosed();
  }

  private static void uncork(CorkedTls peer) {
    try {
      peer.uncork();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void keyUpdatesAreFollowed() throws Exception {
    start(new EngineContext());
    try (CorkedTls peer = open("TLSv1.3")) {
      for (int i = 0; i < 100; i++) {
        peer.tls().startHandshake(); // which is a KeyUpdate, answered by another
        peer.write(text("x"));
        assertThat(peer.in().readNBytes(3)).containsExactly(0x81, 0x01, 'x');
      }
    }
    events.awaitClosed();
  }

  @Test
  void renegotiationIsRefused() throws Exception {
    start(new EngineContext());
    try (CorkedTls peer = open("TLSv1.2")) {
      peer.tls().startHandshake();
      peer.write(text("x"));
      peer.in().readAllBytes();
    } catch (IOException e) {
      // One way or the other it ends.
    }
    assertThat(events.awaitClosed().code()).isEqualTo(1006);
  }

  /** CVE-2021-28165: a record longer than any may be must not make a thread spin. */
  @Test
  void oversizeRecordsCostNothing() throws Exception {
    start(new EngineContext());
    final List<Socket> sockets = new ArrayList<>();
    final byte[] record =
        ByteBuffer.allocate(20_000).put(new byte[] {22, 3, 1, (byte) 0xFF, (byte) 0xFF}).array();
    try (RawClient other = RawClient.connectTls(server.address())) {
      other.upgrade("/echo", "echo");
      for (int i = 0; i < 1_000; i++) {
        final Socket socket = connect(server.address());
        sockets.add(socket);
        try {
          socket.getOutputStream().write(record);
        } catch (IOException e) {
          // It may be refused before it is whole.
        }
      }
      Bounded.await(
          30, "all refused", () -> server.connector().getConnectedEndPoints().size() == 1);
      assertThat(idleCpuNs(Duration.ofSeconds(2), other))
          .isLessThan(TimeUnit.MILLISECONDS.toNanos(1_800)); // one that spins takes 2 s
    } finally {
      closeAll(sockets);
    }
    events.awaitClosed();
  }

  /** CVE-2024-38286: half a ClientHello holds little, and nothing at all when it is gone. */
  @Test
  @Tag("slow")
  void partialHandshakesHoldLittleMemory() throws Exception {
    start(new EngineContext());
    final int count = 1_000;
    final long beforeBytes = heapAndDirect();
    final List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        final Socket socket = connect(server.address());
        sockets.add(socket);
        socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      }
      Bounded.await(
          30, "accepted", () -> server.connector().getConnectedEndPoints().size() == count);
      assertThat((heapAndDirect() - beforeBytes) / count).isLessThan(64 * 1024);
      server.connector().getConnectedEndPoints().forEach(end -> end.setIdleTimeout(1_000));
      Bounded.await(
          30, "all sockets closed", () -> server.connector().getConnectedEndPoints().isEmpty());
    } finally {
      closeAll(sockets);
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    final Socket socket = new Socket();
    socket.connect(address, 10_000);
    return socket;
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (final Socket socket : sockets) {
      socket.close();
    }
  }

  /** CPU of all threads but those of the VM itself, while nothing happens. */
  private static long idleCpuNs(Duration time, RawClient client) throws IOException {
    client.sendText("hi").readFrame();
    client.socket().setSoTimeout((int) time.toMillis());
    final long before = threadsCpuNs();
    try {
      client.read();
      throw new AssertionError("nothing should come");
    } catch (java.net.SocketTimeoutException e) {
      return threadsCpuNs() - before;
    }
  }

  private static long threadsCpuNs() {
    final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return LongStream.of(threads.getAllThreadIds())
        .map(threads::getThreadCpuTime)
        .filter(cpuNs -> cpuNs > 0) // else the thread has gone
        .sum();
  }

  private static long heapAndDirect() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
        + ManagementFactory.getPlatformMXBeans(java.lang.management.BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(java.lang.management.BufferPoolMXBean::getMemoryUsed)
            .sum();
  }
}
