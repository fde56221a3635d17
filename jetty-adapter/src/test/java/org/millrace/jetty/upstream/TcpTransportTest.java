package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.Initiator;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.CoreConnectionConfig;
import org.millrace.jetty.harness.Bounded;

/** Connections over TCP, made and accepted: C-66, C-67, C-43. */
class TcpTransportTest {
  private static final String OPTIONS =
      "OPTIONS sip:edge SIP/2.0\r\nCall-ID: a\r\nContent-Length: 0\r\n\r\n";

  private CoreRig rig;
  private ServerSocket core;

  @BeforeEach
  void start() throws Exception {
    rig = new CoreRig(CoreRig.socket("tcp", 2, CoreTransport.TCP));
    core = CoreRig.listen();
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    core.close();
  }

  private StreamPeer accept() throws IOException {
    return new StreamPeer(core.accept());
  }

  @Test
  void aMessageWaitsForTheConnection() throws Exception {
    final Target target = rig.target("tcp", core, CoreRig.upstream());
    assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
    try (StreamPeer peer = accept()) {
      assertThat(peer.read(OPTIONS.length())).isEqualTo(OPTIONS);
    }
  }

  @Test
  void messagesOfAThreadKeepTheirOrderOverTheMomentOfOpening() throws Exception {
    final Target target = rig.target("tcp", core, CoreRig.upstream());
    final StringBuilder sent = new StringBuilder();
    try (StreamPeer peer = accept()) {
      for (int i = 0; i < 2000; i++) {
        final String message = String.format("%06d", i);
        if (rig.send(target, message) >= 0) {
          sent.append(message);
        }
      }
      assertThat(peer.read(sent.length())).isEqualTo(sent.toString());
    }
  }

  @Test
  void whatTheCoreSendsOverIsReceivedAndAnsweredThere() throws Exception {
    final Target target = rig.target("tcp", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      peer.send(OPTIONS + OPTIONS);
      final CoreRig.Received first = rig.awaitReceived();
      assertThat(first.text()).isEqualTo(OPTIONS);
      assertThat(first.socket()).isSameAs(target.socket());
      assertThat(rig.awaitReceived().text()).isEqualTo(OPTIONS);
      assertThat(rig.reply(first.hop(), "SIP/2.0 200 OK\r\n\r\n")).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
    }
  }

  @Test
  void aRefusedConnectionIsDownAtOnceAndUpWhenItIsThere() throws Exception {
    final InetSocketAddress address = (InetSocketAddress) core.getLocalSocketAddress();
    core.close();
    final Target target = rig.target("tcp", address, CoreRig.upstream(), "127.0.0.1");
    rig.await(target, Target.Health.DOWN);
    core = new ServerSocket(address.getPort(), 50, address.getAddress());
    core.setSoTimeout(10_000);
    try (StreamPeer peer = accept()) {
      rig.await(target, Target.Health.UP);
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
    }
  }

  @Test
  void whatHasWaitedInVainIsFailedBack() throws Exception {
    final InetSocketAddress address = (InetSocketAddress) core.getLocalSocketAddress();
    core.close();
    final Target target = rig.target("tcp", address, CoreRig.upstream(), "127.0.0.1");
    int accepted = 0;
    while (accepted == 0 || rig.count(CoreCounter.STREAM_CONNECT_FAILED) < 3) {
      accepted += rig.send(target, OPTIONS) == SendResult.SENT ? 1 : 0;
    }
    for (int i = 0; i < accepted; i++) {
      assertThat(rig.awaitUnsent()).isEqualTo(OPTIONS);
    }
    assertThat(rig.count(CoreCounter.STREAM_UNSENT)).isEqualTo(accepted);
  }

  @Test
  void aConnectionThatThePeerResetsIsMadeAgain() throws Exception {
    final Target target = rig.target("tcp", core, CoreRig.upstream());
    final StreamPeer first = accept();
    rig.await(CoreCounter.STREAM_CONNECTED, 1);
    first.reset();
    try (StreamPeer peer = accept()) {
      rig.await(CoreCounter.STREAM_CONNECTED, 2);
      rig.await(target, Target.Health.UP);
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
    }
  }

  @Test
  void aPeerThatEndsItsDirectionIsLeft() throws Exception {
    rig.target("tcp", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      peer.socket().shutdownOutput();
      assertThat(peer.read()).isEqualTo(-1);
    }
    accept().close();
    rig.await(CoreCounter.STREAM_LOST, 1);
  }

  @Test
  void aPeerThatDoesNotReadStopsNobodyElse() throws Exception {
    final Target stuck = rig.target("tcp", core, CoreRig.upstream());
    final StreamPeer deaf = accept();
    try (ServerSocket other = CoreRig.listen()) {
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      final String large = "x".repeat(60_000);
      int result;
      do {
        result = rig.send(stuck, large);
      } while (result == SendResult.SENT || result == SendResult.BACK_PRESSURED);
      final Target target = rig.target("tcp", other, CoreRig.upstream());
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      try (StreamPeer peer = new StreamPeer(other.accept())) {
        assertThat(peer.readHead()).isEqualTo(OPTIONS);
      }
    } finally {
      deaf.close();
    }
  }

  @Test
  void severalConnectionsAreMadeIfWantedAndAThreadKeepsToOne() throws Exception {
    final Target target =
        rig.target(
            "tcp", core, CoreRig.upstream(2, Duration.ofSeconds(10), CoreRig.WS, CoreRig.TLS));
    try (StreamPeer one = accept();
        StreamPeer two = accept()) {
      rig.await(CoreCounter.STREAM_CONNECTED, 2);
      for (int i = 0; i < 10; i++) {
        assertThat(rig.send(target, "INVITE")).isEqualTo(SendResult.SENT);
        assertThat(rig.send(target, "CANCEL")).isEqualTo(SendResult.SENT);
      }
      Bounded.await(10, "bytes", () -> one.available() > 0 || two.available() > 0);
      final StreamPeer used = one.available() > 0 ? one : two;
      assertThat(used.read(120)).isEqualTo("INVITECANCEL".repeat(10));
      assertThat(used == one ? two.available() : one.available()).isZero();
    }
  }

  @Test
  void c68APeerThatHasVanishedIsFoundByAPingAndLeft() throws Exception {
    final CoreConnectionConfig impatient =
        new CoreConnectionConfig(
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            65_536,
            false,
            Duration.ofSeconds(10),
            1 << 21);
    rig.target(
        "tcp",
        core,
        CoreRig.upstream(1, Duration.ofSeconds(10), impatient, CoreRig.WS, CoreRig.TLS));
    try (StreamPeer silent = accept()) {
      assertThat(silent.read(4)).isEqualTo("\r\n\r\n");
      assertThat(ended(silent)).isTrue();
    }
    try (StreamPeer alive = accept()) {
      for (int i = 0; i < 5; i++) {
        assertThat(alive.read(4)).isEqualTo("\r\n\r\n");
        alive.send("\r\n");
      }
    }
  }

  @Test
  void sendingOverAnOpenConnectionAllocatesNothing() throws Exception {
    final Target target = rig.target("tcp", core, CoreRig.upstream());
    final StreamPeer peer = accept();
    final Thread reader = new Thread(() -> ended(peer, Long.MAX_VALUE));
    reader.start();
    try {
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      final UnsafeBuffer message = new UnsafeBuffer(OPTIONS.getBytes(StandardCharsets.US_ASCII));
      final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 10 && least != 0; round++) {
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 5_000; i++) {
          rig.transports().send(target, message, 0, message.capacity(), false);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    } finally {
      peer.close();
      reader.join(10_000);
    }
  }

  private static boolean ended(StreamPeer peer, long afterBytes) {
    try {
      for (long i = 0; i < afterBytes; i++) {
        if (peer.read() < 0) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void anEngineThatIsFullIsAReasonToTryLater() throws Exception {
    rig.close();
    rig =
        new CoreRig(
            new EngineContext().shards(1).maxConnections(1),
            CoreRig.socket("tcp", 2, CoreTransport.TCP));
    rig.target("tcp", core, CoreRig.upstream());
    try (StreamPeer first = accept();
        ServerSocket other = CoreRig.listen()) {
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      final Target second = rig.target("tcp", other, CoreRig.upstream());
      rig.await(second, Target.Health.DOWN);
      core.close(); // or the first would be back
      first.reset();
      rig.await(second, Target.Health.UP);
    }
  }

  @Test
  void aTargetThatIsGoneIsStillReachedForAWhile() throws Exception {
    final Target target = rig.target("tcp", core, CoreRig.upstream());
    try (StreamPeer peer = accept()) {
      rig.await(CoreCounter.STREAM_CONNECTED, 1);
      rig.transports().update(List.of(), List.of());
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
    }
  }

  /** As when DNS says another weight of a target that cannot be reached at the moment. */
  @Test
  void aTargetThatTakesOverFromOneThatIsDownComesUpWithItsConnection() throws Exception {
    final InetSocketAddress address = (InetSocketAddress) core.getLocalSocketAddress();
    final Target target = new Target("core/tcp", rig.transports().socket("tcp"), address, 0, 7);
    target.health(Target.Health.DOWN);
    rig.transports()
        .update(List.of(new Destination(target, CoreRig.upstream(), "127.0.0.1")), List.of());
    try (StreamPeer peer = accept()) {
      rig.await(target, Target.Health.UP);
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo(OPTIONS);
    }
  }

  // --- accepted ---------------------------------------------------------------------------------

  @Test
  void theCoreMayConnectAndIsAnsweredOnTheSameConnection() throws Exception {
    rig.trust("127.0.0.1");
    try (StreamPeer peer = StreamPeer.connect("127.0.0.1", rig.address("tcp"))) {
      peer.send(OPTIONS);
      final CoreRig.Received request = rig.awaitReceived();
      assertThat(request.text()).isEqualTo(OPTIONS);
      assertThat(request.hop().port()).isEqualTo(peer.address().getPort());
      assertThat(rig.reply(request.hop(), "SIP/2.0 200 OK\r\n\r\n")).isEqualTo(SendResult.SENT);
      assertThat(peer.readHead()).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
    }
  }

  @Test
  void c2WhoIsNotTheCoreIsCutOffAndCounted() throws Exception {
    rig.trust("127.0.0.1");
    try (StreamPeer stranger = StreamPeer.connect("127.0.0.2", rig.address("tcp"))) {
      assertThat(ended(stranger)).isTrue();
    }
    assertThat(rig.count(CoreCounter.STREAM_UNTRUSTED)).isEqualTo(1);
    assertThat(rig.events().opened()).isZero();
  }

  @Test
  void aConnectionOfTheCoreThatIsOneTooManyIsClosedAndTheOthersStay() throws Exception {
    rig.trust("127.0.0.1");
    final List<StreamPeer> peers = new ArrayList<>();
    for (int i = 0; i < CoreRig.CORE_CONNECTIONS; i++) {
      peers.add(StreamPeer.connect("127.0.0.1", rig.address("tcp")));
      peers.get(i).send(OPTIONS);
      rig.awaitReceived();
    }
    try (StreamPeer oneTooMany = StreamPeer.connect("127.0.0.1", rig.address("tcp"))) {
      assertThat(ended(oneTooMany)).isTrue();
    }
    assertThat(rig.count(CoreCounter.STREAM_REFUSED)).isEqualTo(1);
    for (final StreamPeer peer : peers) {
      peer.send(OPTIONS);
      rig.awaitReceived();
    }
    peers.remove(0).close();
    Bounded.await(10, "room for another one", this::isReceivedOverANewConnection);
    for (final StreamPeer peer : peers) {
      peer.close();
    }
  }

  private boolean isReceivedOverANewConnection() {
    try (StreamPeer peer = StreamPeer.connect("127.0.0.1", rig.address("tcp"))) {
      peer.send(OPTIONS);
    } catch (IOException e) {
      return false;
    }
    return !rig.received().isEmpty();
  }

  private static boolean ended(StreamPeer peer) {
    return ended(peer, 1);
  }

  @Test
  void c43AnAnswerWhoseConnectionHasGoneTakesThatOfTheTargetThere() throws Exception {
    rig.target("tcp", core, CoreRig.upstream());
    final CoreRig.Received request;
    try (StreamPeer target = accept()) {
      try (StreamPeer peer = StreamPeer.connect("127.0.0.1", rig.address("tcp"))) {
        peer.send(OPTIONS);
        request = rig.awaitReceived();
      }
      assertThat(rig.events().awaitClosed().id()).isEqualTo(request.connectionId());
      assertThat(rig.reply(request.hop(), "SIP/2.0 200 OK\r\n\r\n")).isEqualTo(SendResult.SENT);
      assertThat(target.readHead()).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
    }
    assertThat(rig.count(CoreCounter.STREAM_ANSWERS_REROUTED)).isEqualTo(1);
  }

  @Test
  void c43AnAnswerWhoseConnectionHasGoneTakesANewOneToThePortOfTheTransport() throws Exception {
    rig.trust("127.0.0.0/8");
    final CoreRig.Received request;
    try (StreamPeer peer = StreamPeer.connect("127.77.0.43", rig.address("tcp"))) {
      peer.send(OPTIONS);
      request = rig.awaitReceived();
    }
    assertThat(rig.events().awaitClosed().id()).isEqualTo(request.connectionId());
    try (ServerSocket server =
        new ServerSocket(5060, 50, InetAddress.getByAddress(new byte[] {127, 77, 0, 43}))) {
      server.setSoTimeout(10_000);
      assertThat(rig.reply(request.hop(), "SIP/2.0 200 OK\r\n\r\n")).isEqualTo(SendResult.SENT);
      try (StreamPeer peer = new StreamPeer(server.accept())) {
        assertThat(peer.readHead()).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
      }
    }
  }

  @Test
  void c43AnAnswerWhoseConnectionHasGoneTakesThatOfTheTargetWithThePortOfItsVia() throws Exception {
    rig.target("tcp", core, CoreRig.upstream());
    try (StreamPeer one = accept();
        ServerSocket second = CoreRig.listen()) {
      rig.target("tcp", second, CoreRig.upstream());
      try (StreamPeer two = new StreamPeer(second.accept())) {
        rig.await(CoreCounter.STREAM_CONNECTED, 2);
        for (final ServerSocket of : List.of(core, second)) {
          final CoreRig.Received request = requestOverAConnectionThatEnds();
          request.hop().sentByPort(of.getLocalPort());
          assertThat(rig.reply(request.hop(), answer(of))).isEqualTo(SendResult.SENT);
        }
        assertThat(one.readHead()).isEqualTo(answer(core));
        assertThat(two.readHead()).isEqualTo(answer(second));
      }
    }
  }

  private static String answer(ServerSocket to) {
    return "SIP/2.0 200 " + to.getLocalPort() + "\r\n\r\n";
  }

  private CoreRig.Received requestOverAConnectionThatEnds() throws Exception {
    final CoreRig.Received request;
    try (StreamPeer peer = StreamPeer.connect("127.0.0.1", rig.address("tcp"))) {
      peer.send(OPTIONS);
      request = rig.awaitReceived();
    }
    assertThat(rig.events().awaitClosed().id()).isEqualTo(request.connectionId());
    return request;
  }

  @Test
  void c43AnAnswerWhoseConnectionHasGoneTakesANewOneToThePortOfItsVia() throws Exception {
    rig.target("tcp", core, CoreRig.upstream());
    try (StreamPeer target = accept();
        ServerSocket other = CoreRig.listen()) {
      final CoreRig.Received request = requestOverAConnectionThatEnds();
      request.hop().sentByPort(other.getLocalPort());
      assertThat(rig.reply(request.hop(), answer(other))).isEqualTo(SendResult.SENT);
      try (StreamPeer peer = new StreamPeer(other.accept())) {
        assertThat(peer.readHead()).isEqualTo(answer(other));
      }
      assertThat(target.available()).isZero();
    }
  }

  @Test
  void aResetOfAnAcceptedConnectionIsItsEnd() throws Exception {
    rig.trust("127.0.0.1");
    final StreamPeer peer = StreamPeer.connect("127.0.0.1", rig.address("tcp"));
    peer.send(OPTIONS);
    rig.awaitReceived();
    peer.reset();
    assertThat(rig.events().awaitClosed().initiator()).isEqualTo(Initiator.REMOTE);
  }
}
