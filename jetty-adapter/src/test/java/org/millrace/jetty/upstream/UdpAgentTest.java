package org.millrace.jetty.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.ClientTransactions;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SipCounters;
import org.millrace.engine.sip.SipTimers;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.harness.Bounded;

/** The UDP agent step by step, over sockets on the loopback. */
class UdpAgentTest {
  private static final String MESSAGE = "OPTIONS sip:edge SIP/2.0\r\n\r\n";

  private final CoreCounters counters = new CoreCounters();
  private final TrustedPeers trusted = new TrustedPeers();
  private final List<String> received = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private final CoreHop lastHop = new CoreHop();
  private final AtomicLong nowNs = new AtomicLong(-5_000_000_000L);
  private final UdpPaths paths = new UdpPaths(any -> socket());
  private final Retransmitter retransmitter =
      new Retransmitter(
          1 << 16,
          paths,
          new ClientTransactions(SipTimers.DEFAULT, 10, 1 << 20, new SipCounters()),
          counters);
  private UdpSocket socket;
  private CoreSocket coreSocket;
  private UdpAgent agent;
  private UdpPeer core;
  private Reaction onReceived = () -> {};

  /** What the receiver does. */
  private interface Reaction {
    void run() throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    socket = UdpSocket.bind(config("127.0.0.1"), counters);
    coreSocket =
        new CoreSocket(1, CoreTransport.UDP, "edge.example.com", socket.localAddress().getPort());
    agent =
        new UdpAgent(
            List.of(new UdpAgent.Binding(socket, coreSocket)),
            trusted,
            this::onMessage,
            retransmitter,
            counters,
            errors::add,
            nowNs::get);
    core = new UdpPeer("127.0.0.1");
    trust(List.of(InetAddress.getLoopbackAddress()), List.of());
  }

  private void trust(List<InetAddress> addresses, List<Network> networks) {
    trusted.update(addresses, networks, later::add);
  }

  private UdpSocket socket() {
    return socket;
  }

  static CoreSocketConfig config(String host) {
    return new CoreSocketConfig(
        "udp",
        1,
        CoreTransport.UDP,
        host,
        0,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        null,
        1,
        1 << 20,
        1 << 20);
  }

  private void onMessage(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    received.add(buffer.getStringWithoutLengthAscii(offset, length));
    final byte[] address = new byte[hop.addressLength()];
    System.arraycopy(hop.address(), 0, address, 0, address.length);
    lastHop.set(hop.socket(), address, hop.port(), hop.connectionId());
    try {
      onReceived.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() {
    agent.close();
    core.close();
  }

  private void workUntil(CoreCounter counter, long value) {
    Bounded.await(
        10,
        counter + " " + value,
        () -> {
          agent.doWork();
          return counters.get(counter) == value;
        });
  }

  @Test
  void whatTheCoreSendsIsReceivedWithWhereItCameFrom() throws IOException {
    core.send(MESSAGE, socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    assertThat(received).containsExactly(MESSAGE);
    assertThat(lastHop.socket()).isSameAs(coreSocket);
    assertThat(lastHop.port()).isEqualTo(core.address().getPort());
    assertThat(lastHop.address()).startsWith(127, 0, 0, 1);
    assertThat(lastHop.connectionId()).isZero();
  }

  @Test
  void anAnswerLeavesFromTheSocketItsRequestCameTo() throws IOException {
    core.send(MESSAGE, socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    assertThat(socket.reply(lastHop, buffer("SIP/2.0 200 OK"), 0, 14)).isEqualTo(SendResult.SENT);
    assertThat(core.receive()).isEqualTo("SIP/2.0 200 OK");
    assertThat(core.lastSender()).isEqualTo(socket.localAddress());
  }

  @Test
  void c2WhatIsNotFromTheCoreIsDroppedSilentlyAndCounted() throws IOException {
    try (UdpPeer stranger = new UdpPeer("127.0.0.2")) {
      stranger.send(MESSAGE, socket.localAddress());
      workUntil(CoreCounter.UDP_UNTRUSTED, 1);
      core.send("CORE", socket.localAddress());
      workUntil(CoreCounter.UDP_RECEIVED, 1);
      stranger.send(MESSAGE, socket.localAddress());
      workUntil(CoreCounter.UDP_UNTRUSTED, 2);
      assertThat(received).containsExactly("CORE");
    }
  }

  @Test
  void whoIsNoLongerTheCoreMayAnswerForAWhile() throws IOException {
    core.send("BEFORE", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    trust(List.of(), List.of(Network.parse("127.0.0.8/29")));
    core.send("STILL", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 2);
    later.forEach(Runnable::run);
    core.send("NOW", socket.localAddress());
    workUntil(CoreCounter.UDP_UNTRUSTED, 1);
    try (UdpPeer other = new UdpPeer("127.0.0.9")) {
      other.send("OTHER", socket.localAddress());
      workUntil(CoreCounter.UDP_RECEIVED, 3);
    }
    assertThat(received).containsExactly("BEFORE", "STILL", "OTHER");
  }

  /** DNS servers that know many addresses may tell some at a time. */
  @Test
  void anAddressThatComesBackAndGoesAgainMayAnswerForAsLongAsAnyOther() {
    final InetAddress address = InetAddress.getLoopbackAddress();
    trust(List.of(), List.of());
    trust(List.of(address), List.of());
    trust(List.of(), List.of());
    later.get(0).run();
    assertThat(trusted.contains(address)).isTrue();
    later.get(1).run();
    assertThat(trusted.contains(address)).isFalse();
  }

  @Test
  void aTargetThatComesBackAndGoesAgainCanBeSentToForAsLongAsAnyOther() {
    final Target target = new Target("core", coreSocket, core.address(), 0, 0);
    later.clear();
    paths.update(List.of(target), later::add);
    paths.update(List.of(), later::add);
    paths.update(List.of(target), later::add);
    paths.update(List.of(), later::add);
    later.get(0).run();
    assertThat(paths.of(target)).isNotNull();
    later.get(1).run();
    assertThat(paths.of(target)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\r\n", "\r\n\r\n", "\0\0\0\0", "\0\1\0\0!\22\244B123456789012", "\1\1"})
  void keepAlivesAndStunAreIgnored(String datagram) throws IOException {
    core.send(datagram, socket.localAddress());
    workUntil(CoreCounter.UDP_KEEP_ALIVES, 1);
    assertThat(received).isEmpty();
  }

  @Test
  void theLargestDatagramIsTakenAndSentWhole() throws IOException {
    final String largest = "x".repeat(65_507);
    core.send(largest, socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    assertThat(received).containsExactly(largest);
    assertThat(socket.send(core.address(), buffer(largest), 0, 65_507)).isEqualTo(SendResult.SENT);
    assertThat(core.receive()).isEqualTo(largest);
    assertThat(socket.send(core.address(), buffer(largest + "y"), 0, 65_508))
        .isEqualTo(SendResult.TOO_LONG);
  }

  @Test
  void aPortThatIsUnreachableHarmsNobody() throws IOException {
    final InetSocketAddress nobody;
    try (UdpPeer gone = new UdpPeer("127.0.0.1")) {
      nobody = gone.address();
    }
    for (int i = 0; i < 10; i++) {
      socket.send(nobody, buffer(MESSAGE), 0, MESSAGE.length());
      agent.doWork();
    }
    core.send(MESSAGE, socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    assertThat(socket.send(core.address(), buffer("BYE"), 0, 3)).isEqualTo(SendResult.SENT);
    assertThat(core.receive()).isEqualTo("BYE");
    assertThat(errors).isEmpty();
  }

  @Test
  void whatCannotBeSentIsSaidAndTheNextOneGoesOut() throws IOException {
    final InetSocketAddress impossible = PeerAddresses.make(new byte[16], 5060);
    assertThat(socket.send(impossible, buffer("BYE"), 0, 3)).isEqualTo(SendResult.NOT_OPEN);
    assertThat(counters.get(CoreCounter.UDP_FAILED)).isEqualTo(1);
    assertThat(socket.send(core.address(), buffer("BYE"), 0, 3)).isEqualTo(SendResult.SENT);
    assertThat(core.receive()).isEqualTo("BYE");
  }

  @Test
  void aReceiverThatThrowsIsReportedAndTheNextDatagramIsReceived() throws IOException {
    final RuntimeException toThrow = new IllegalStateException("test");
    onReceived =
        () -> {
          throw toThrow;
        };
    core.send("ONE", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    assertThat(errors).containsExactly(toThrow);
    onReceived = () -> {};
    core.send("TWO", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 2);
    assertThat(received).containsExactly("ONE", "TWO");
  }

  @Test
  void nothingIsSentByAClosedSocket() {
    agent.close();
    assertThat(socket.send(core.address(), buffer("BYE"), 0, 3)).isEqualTo(SendResult.NOT_OPEN);
  }

  @Test
  void sendingAnsweringAndReceivingAllocateNothing() throws IOException {
    received.clear();
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final UnsafeBuffer message = buffer(MESSAGE);
    final InetSocketAddress self = socket.localAddress();
    final CoreHop hop =
        new CoreHop().set(coreSocket, self.getAddress().getAddress(), self.getPort(), 0);
    final long[] count = new long[1];
    agent.close();
    socket = UdpSocket.bind(config("127.0.0.1"), counters);
    final InetSocketAddress own = socket.localAddress();
    hop.set(coreSocket, own.getAddress().getAddress(), own.getPort(), 0);
    agent =
        new UdpAgent(
            List.of(new UdpAgent.Binding(socket, coreSocket)),
            trusted,
            (from, buffer, offset, length) -> count[0]++,
            retransmitter,
            counters,
            errors::add,
            nowNs::get);
    final UdpPaths.Path path = path();
    final UnsafeBuffer invite = buffer(request("INVITE"));
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10 && least != 0; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 5_000; i++) {
        socket.send(own, message, 0, message.capacity());
        socket.reply(hop, message, 0, message.capacity());
        if ((i & 15) == 0) { // more would be untracked, which is no case to measure
          retransmitter.begin(path, invite, 0, invite.capacity(), nowNs.get());
        }
        agent.doWork();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
    assertThat(count[0]).isPositive();
  }

  /** Of a record that finds no room at the ring's end the reader meets only that end at first. */
  @Test
  void anAnswerFindsItsRequestAlsoWhereTheRingWraps() {
    final UdpPaths.Path path = path();
    for (int i = 0; i < 100; i++) {
      final String body = "x".repeat(1000);
      sendRequest(path, request("OPTIONS") + body);
      final String answer = answer("OPTIONS", 200);
      retransmitter.onMessage(buffer(answer), 0, answer.length());
      nowNs.addAndGet(SipTimers.DEFAULT.t1Ns());
      agent.doWork();
      assertThat(counters.get(CoreCounter.UDP_SENT)).as("sent again after %d", i).isEqualTo(i + 1);
    }
  }

  private static String request(String method) {
    return method
        + " sip:bob@example.com SIP/2.0\r\n"
        + "Via: SIP/2.0/UDP edge;branch=z9hG4bKe1."
        + method
        + "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: c\r\nCSeq: 1 "
        + method
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  private static String answer(String method, int status) {
    return request(method).replaceFirst("^.*\r\n", "SIP/2.0 " + status + " Whatever\r\n");
  }

  private UdpPaths.Path path() {
    final Target target = new Target("core", coreSocket, core.address(), 0, 0);
    paths.update(List.of(target), later::add);
    return paths.of(target);
  }

  private void sendRequest(UdpPaths.Path path, String request) {
    assertThat(retransmitter.begin(path, buffer(request), 0, request.length(), nowNs.get()))
        .isTrue();
    path.socket().send(path.address(), buffer(request), 0, request.length());
  }

  /** Lets time pass in small steps, and tells after how many milliseconds something was sent. */
  private List<Long> sendTimes(String expected) throws IOException {
    final List<Long> times = new ArrayList<>();
    final long startNs = nowNs.get();
    for (long ms = 0; ms <= 40_000; ms += 50) {
      nowNs.set(startNs + ms * 1_000_000);
      final long before = counters.get(CoreCounter.UDP_SENT);
      agent.doWork();
      if (counters.get(CoreCounter.UDP_SENT) > before) {
        times.add(ms);
        assertThat(core.receive()).isEqualTo(expected);
      }
    }
    return times;
  }

  @Test
  void up07AnInviteIsRepeatedUntilItsTimeIsUp() throws IOException {
    sendRequest(path(), request("INVITE"));
    assertThat(core.receive()).isEqualTo(request("INVITE"));
    assertThat(sendTimes(request("INVITE")))
        .containsExactly(500L, 1500L, 3500L, 7500L, 15_500L, 31_500L);
  }

  @Test
  void up07OtherRequestsAreRepeatedEveryFourSeconds() throws IOException {
    sendRequest(path(), request("OPTIONS"));
    assertThat(core.receive()).isEqualTo(request("OPTIONS"));
    assertThat(sendTimes(request("OPTIONS")))
        .containsExactly(
            500L, 1500L, 3500L, 7500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
  }

  @Test
  void up07AnAnswerThatComesInTheSameCycleAsItsRequestIsMadeStopsIt() throws IOException {
    final UdpPaths.Path path = path();
    onReceived =
        () -> {
          onReceived = () -> {};
          sendRequest(path, request("INVITE"));
          core.receive();
          core.send(answer("INVITE", 100), core.lastSender());
        };
    core.send("TRIGGER", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 2);
    assertThat(received).containsExactly("TRIGGER", answer("INVITE", 100));
    assertThat(sendTimes("nothing")).isEmpty();
  }

  @Test
  void aRequestThatFindsNoRoomInTheRingIsSentOnceAndCounted() {
    final UdpPaths.Path path = path();
    final String large = request("INVITE") + "x".repeat(5000);
    int begun = 0;
    while (retransmitter.begin(path, buffer(large), 0, large.length(), nowNs.get())) {
      begun++;
    }
    assertThat(begun).isPositive();
    assertThat(counters.get(CoreCounter.UDP_UNREPEATED)).isEqualTo(1);
    agent.doWork();
    assertThat(retransmitter.begin(path, buffer(large), 0, large.length(), nowNs.get())).isTrue();
  }

  @Test
  void theAgentsThreadWaitsNoLongerThanUntilTheNextRepetition() {
    agent.doWork();
    assertThat(retransmitter.nextNs() - nowNs.get()).isEqualTo(100_000_000L);
    sendRequest(path(), request("INVITE"));
    nowNs.addAndGet(450_000_000L);
    agent.doWork();
    assertThat(retransmitter.nextNs() - nowNs.get()).isEqualTo(50_000_000L);
  }

  @Test
  void anIdleAgentWakesForADatagramAtOnce() throws IOException {
    nowNs.set(0);
    agent.doWork();
    nowNs.set(-3_600_000_000_000L); // an hour to wait
    core.send(MESSAGE, socket.localAddress());
    agent.idle(0);
    agent.doWork();
    assertThat(received).containsExactly(MESSAGE);
  }

  private static UnsafeBuffer buffer(String text) {
    return new UnsafeBuffer(text.getBytes(US_ASCII));
  }
}
