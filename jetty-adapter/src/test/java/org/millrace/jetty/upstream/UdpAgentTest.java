package org.millrace.jetty.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.jetty.config.CoreSocketConfig;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.harness.Bounded;

/** The UDP agent step by step, over sockets on the loopback. */
class UdpAgentTest {
  private static final String MESSAGE = "OPTIONS sip:edge SIP/2.0\r\n\r\n";

  private final CoreCounters counters = new CoreCounters();
  private final TrustedPeers trusted = new TrustedPeers();
  private final List<String> received = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private final CoreHop lastHop = new CoreHop();
  private UdpSocket socket;
  private CoreSocket coreSocket;
  private UdpAgent agent;
  private UdpPeer core;
  private RuntimeException toThrow;

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
            new Retransmitter(),
            counters,
            errors::add,
            System::nanoTime);
    core = new UdpPeer("127.0.0.1");
    trusted.update(List.of(InetAddress.getLoopbackAddress()), List.of());
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
        1 << 20,
        1 << 20);
  }

  private void onMessage(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    received.add(buffer.getStringWithoutLengthAscii(offset, length));
    final byte[] address = new byte[hop.addressLength()];
    System.arraycopy(hop.address(), 0, address, 0, address.length);
    lastHop.set(hop.socket(), address, hop.port(), hop.connectionId());
    if (toThrow != null) {
      throw toThrow;
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
  void aChangeOfWhoIsTrustedHoldsFromTheNextDatagramOn() throws IOException {
    core.send("BEFORE", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    trusted.update(List.of(), List.of(Network.parse("127.0.0.8/29")));
    core.send("NOW", socket.localAddress());
    workUntil(CoreCounter.UDP_UNTRUSTED, 1);
    try (UdpPeer other = new UdpPeer("127.0.0.9")) {
      other.send("OTHER", socket.localAddress());
      workUntil(CoreCounter.UDP_RECEIVED, 2);
    }
    assertThat(received).containsExactly("BEFORE", "OTHER");
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
    toThrow = new IllegalStateException("test");
    core.send("ONE", socket.localAddress());
    workUntil(CoreCounter.UDP_RECEIVED, 1);
    assertThat(errors).containsExactly(toThrow);
    toThrow = null;
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
            new Retransmitter(),
            counters,
            errors::add,
            System::nanoTime);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10 && least != 0; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 5_000; i++) {
        socket.send(own, message, 0, message.capacity());
        socket.reply(hop, message, 0, message.capacity());
        agent.doWork();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
    assertThat(count[0]).isPositive();
  }

  private static UnsafeBuffer buffer(String text) {
    return new UnsafeBuffer(text.getBytes(US_ASCII));
  }
}
