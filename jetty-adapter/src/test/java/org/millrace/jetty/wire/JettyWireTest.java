package org.millrace.jetty.wire;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.config.FilterConfig;
import org.millrace.jetty.harness.Bounded;
import org.millrace.jetty.harness.Events;
import org.millrace.jetty.harness.ManualScheduler;
import org.millrace.jetty.harness.RawClient;

/** What a socket or TLS does, as the engine hears of it: every end exactly once. */
class JettyWireTest {
  private static final int SMALLEST_RING = 64 * 1024;

  @TempDir private Path directory;

  private final Events events = new Events();
  private EchoServer server;

  private void start(boolean tls, ConnectionContext context) throws Exception {
    start(tls, context, new EngineContext());
  }

  private void start(boolean tls, ConnectionContext context, EngineContext engine)
      throws Exception {
    server =
        new EchoServer(
            tls ? Optional.of(EchoServer.selfSigned(directory)) : Optional.empty(),
            engine.shards(1),
            context.keepAliveTimeout(Duration.ofMinutes(5)).messageTimeout(Duration.ofMinutes(5)),
            events);
  }

  private RawClient connect(boolean tls) throws Exception {
    return tls ? RawClient.connectTls(server.address()) : RawClient.connect(server.address());
  }

  private RawClient open(boolean tls) throws Exception {
    final RawClient client = connect(tls);
    assertThat(client.upgrade("/echo", "echo")).startsWith("HTTP/1.1 101 ");
    return client;
  }

  @AfterEach
  void everyConnectionEndsOnceAndNothingIsLeft() {
    server.close();
    assertThat(events.closed()).isEqualTo(events.opened());
    assertThat(events.rest()).isEmpty();
    assertThat(server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    assertThat(server.engine().errorLog().observations()).isZero();
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void echoesMessagesOfEverySize(boolean tls) throws Exception {
    start(
        tls,
        new ConnectionContext()
            .maxMessageSize(1 << 20)
            .maxReadsPerMessage(1000)
            .sendQueueHardLimit(1 << 22));
    try (RawClient client = open(tls)) {
      for (final int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 65_537, 1 << 20}) {
        final byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) size);
        client.sendFrame(2, payload);
        final RawClient.Frame frame = client.readFrame();
        assertThat(frame.firstByte()).isEqualTo(0x82);
        assertThat(frame.payload()).isEqualTo(payload);
      }
    }
    assertThat(events.awaitClosed().code()).isEqualTo(1006);
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void hs24BytesBehindTheRequestHeadAreFrames(boolean tls) throws Exception {
    start(tls, new ConnectionContext());
    try (RawClient client = connect(tls)) {
      final byte[] ping = RawClient.masked(0x89, "abc".getBytes(StandardCharsets.UTF_8));
      client.send(
          RawClient.request("/echo", "echo") + new String(ping, StandardCharsets.ISO_8859_1));
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      final RawClient.Frame pong = client.readFrame();
      assertThat(pong.firstByte()).isEqualTo(0x8A);
      assertThat(pong.text()).isEqualTo("abc");
    }
    assertThat(events.awaitClosed().initiator()).isEqualTo(Initiator.REMOTE);
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void theServerEndsTheTransportAfterBothCloses(boolean tls) throws Exception {
    start(tls, new ConnectionContext());
    try (RawClient client = open(tls)) {
      client.sendHex("88 82 37 fa 21 3d 34 12");
      assertThat(client.readFrame().closeCode()).isEqualTo(1000);
      assertThat(client.read()).isEqualTo(-1); // with TLS only after close_notify
    }
    final ClosedEvent event = events.awaitClosed();
    assertThat(event.clean()).isTrue();
    assertThat(event.code()).isEqualTo(1000);
    assertThat(event.remoteAddress()).isNotNull();
    assertThat(event.localAddress()).isNotNull();
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void ws36AnEndWithoutACloseIs1006EvenWithinAFrame(boolean tls) throws Exception {
    start(tls, new ConnectionContext());
    try (RawClient client = open(tls)) {
      client.sendHex("81 85 37 fa 21 3d 7f");
      client.socket().shutdownOutput();
      assertThat(client.read()).isEqualTo(-1);
    }
    final ClosedEvent event = events.awaitClosed();
    assertThat(event.code()).isEqualTo(1006);
    assertThat(event.clean()).isFalse();
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void aResetIs1006(boolean tls) throws Exception {
    start(tls, new ConnectionContext());
    final RawClient client = open(tls);
    client.sendText("hi");
    client.readFrame();
    client.resetOnClose();
    if (tls) {
      // Else the socket would say close_notify before.
      ((SSLSocket) client.socket()).setSoLinger(true, 0);
    }
    client.socket().close();
    assertThat(events.awaitClosed().code()).isEqualTo(1006);
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void aViolationIsAnsweredAndTheInputDrained(boolean tls) throws Exception {
    start(tls, new ConnectionContext().lingerTimeout(Duration.ofSeconds(30)));
    try (RawClient client = open(tls)) {
      client.send(new byte[] {(byte) 0x81, 0x05, 'H'});
      client.send(new byte[20_000]); // unread input must not turn the Close into a reset
      assertThat(client.readFrame().closeCode()).isEqualTo(1002);
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(events.awaitClosed().violation()).isEqualTo(Violation.MASK_MISSING);
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void aFullRingLosesNothingAndBlocksNobody(boolean tls) throws Exception {
    start(
        tls,
        new ConnectionContext()
            .maxMessageSize(1 << 19)
            .maxReadsPerMessage(10_000)
            .sendQueueHardLimit(1 << 21),
        new EngineContext().ringCapacity(SMALLEST_RING));
    try (RawClient client = open(tls);
        RawClient other = open(tls)) {
      final byte[] payload = new byte[1 << 19];
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) (i * 31 + i / 251);
      }
      // A shard that is faster than the reader empties the ring before it is full.
      for (int i = 0; i < 4 || (stalls() == 0 && i < 200); i++) {
        client.sendFrame(2, payload);
        assertThat(other.sendText("still there").readFrame().text()).isEqualTo("still there");
        assertThat(client.readFrame().payload()).isEqualTo(payload);
      }
    }
    events.awaitClosed();
    events.awaitClosed();
    assertThat(stalls()).isPositive();
  }

  private long stalls() {
    return server.engine().counter(EngineCounter.STALLS);
  }

  @ParameterizedTest(name = "tls={0}")
  @ValueSource(booleans = {false, true})
  void aClientThatDoesNotReadIsCutOffWhileOthersGoOn(boolean tls) throws Exception {
    start(
        tls,
        new ConnectionContext()
            .maxMessageSize(1 << 20)
            .maxReadsPerMessage(10_000)
            .sendQueueHighMark(1 << 17)
            .sendQueueHardLimit(1 << 18));
    // What the kernel would take by itself is megabytes, which a busy machine takes long to
    // encrypt.
    server.connector().setAcceptedSendBufferSize(1 << 16);
    try (RawClient client = open(tls);
        RawClient other = open(tls)) {
      final Thread sender = new Thread(() -> sendUntilItFails(client));
      sender.start();
      final ClosedEvent event = events.awaitClosed();
      assertThat(event.violation()).isEqualTo(Violation.SLOW_CONSUMER);
      assertThat(other.sendText("hi").readFrame().text()).isEqualTo("hi");
      client.socket().close();
      sender.join();
    }
    events.awaitClosed();
  }

  private static void sendUntilItFails(RawClient client) {
    final byte[] frame = RawClient.masked(0x82, new byte[100_000]);
    try {
      while (true) {
        client.send(frame);
      }
    } catch (IOException e) {
      // as it should
    }
  }

  @Test
  void aStoppedServerSaysGoingAway() throws Exception {
    start(false, new ConnectionContext());
    try (RawClient client = open(false)) {
      client.sendText("hi").readFrame();
      server.engine().stop();
      assertThat(client.readFrame().closeCode()).isEqualTo(1001);
      client.sendHex("88 82 37 fa 21 3d 34 13");
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(events.awaitClosed().clean()).isTrue();
  }

  /** Requirement A-10. */
  @Test
  void noFrameLeavesOfOurOwnAccordWithTheAnswer() throws Exception {
    final ManualScheduler scheduler = startWith(new ManualScheduler());
    try (RawClient client = open(false)) {
      events.awaitOpened();
      server.engine().stop();
      final Runnable write = scheduler.awaitTask();
      assertThat(client.socket().getInputStream().available()).isZero();
      write.run();
      assertThat(client.readFrame().closeCode()).isEqualTo(1001);
      client.sendHex("88 82 37 fa 21 3d 34 13");
    }
    assertThat(events.awaitClosed().clean()).isTrue();
  }

  /** The scheduler may stop before the engine: nobody runs the task then. */
  @Test
  void aFirstFrameThatIsNeverSentIsGivenBackAtTheEnd() throws Exception {
    final ManualScheduler scheduler = startWith(new ManualScheduler());
    final Runnable write;
    try (RawClient client = open(false)) {
      assertThat(server.engine().close(events.awaitOpened(), 1001, "")).isTrue();
      write = scheduler.awaitTask();
      client.socket().shutdownOutput();
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(events.awaitClosed().clean()).isFalse();
    Bounded.await(
        30,
        "the batch given back",
        () -> server.engine().counter(EngineCounter.POOLED_BYTES_IN_USE) == 0);
    write.run(); // too late
  }

  private ManualScheduler startWith(ManualScheduler scheduler) throws Exception {
    server =
        new EchoServer(
            Optional.empty(),
            new EngineContext().shards(1),
            new ConnectionContext(),
            events,
            scheduler,
            List.of());
    return scheduler;
  }

  /** As anywhere in Jakarta EE: a filter before the upgrade decides. */
  @Test
  void aServletFilterMayRefuse() throws Exception {
    server =
        new EchoServer(
            Optional.empty(),
            new EngineContext().shards(1),
            new ConnectionContext(),
            events,
            null,
            List.of(
                new FilterConfig(
                    RefusingFilter.class.getName(), List.of("/*"), Map.of("header", "X-Pass"))));
    try (RawClient refused = connect(false);
        RawClient client = connect(false)) {
      assertThat(refused.upgrade("/echo", "echo")).startsWith("HTTP/1.1 403 ");
      client.send(RawClient.request("/echo", "echo").replace("Host:", "X-Pass: 1\r\nHost:"));
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(client.sendText("hi").readFrame().text()).isEqualTo("hi");
    }
    events.awaitClosed();
  }

  /** Refuses requests without a header. */
  public static final class RefusingFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      if (request.getHeader(getInitParameter("header")) == null) {
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
      } else {
        chain.doFilter(request, response);
      }
    }
  }

  @Test
  void aFullEngineSaysTryAgainLater() throws Exception {
    start(false, new ConnectionContext(), new EngineContext().maxConnections(1));
    try (RawClient client = open(false)) {
      assertThat(client.sendText("hi").readFrame().text()).isEqualTo("hi"); // it has the one place
      try (RawClient late = open(false)) {
        assertThat(late.readFrame().closeCode()).isEqualTo(1013);
        assertThat(late.read()).isEqualTo(-1);
      }
      assertThat(client.sendText("ho").readFrame().text()).isEqualTo("ho");
    }
    events.awaitClosed();
  }
}
