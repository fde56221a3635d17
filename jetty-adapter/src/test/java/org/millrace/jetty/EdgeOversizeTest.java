package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;
import org.millrace.jetty.harness.UdpCore;
import org.millrace.jetty.upstream.CoreCounter;

/** UP-06 with sockets: what is too long for a datagram, and a core that has UDP only. */
@Timeout(120)
class EdgeOversizeTest {
  private static final int MOST_PORTS_TRIED = 100;

  @TempDir private static Path directory;

  private static String invite() {
    return """
    INVITE sip:bob@example.com SIP/2.0
    Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK776
    Max-Forwards: 70
    From: <sip:alice@example.com>;tag=a1
    To: <sip:bob@example.com>
    Call-ID: long@df7jal23ls0d.invalid
    CSeq: 1 INVITE
    Subject: %s
    Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>
    Content-Length: 0

    """
        .formatted("x".repeat(2000))
        .replace("\n", "\r\n");
  }

  /** A core whose TCP port takes one connection and no more, so that the next one waits. */
  private static final class Core implements AutoCloseable {
    private final UdpCore udp;
    private final ServerSocket full;
    private final Socket[] waiting = new Socket[2];

    private Core(UdpCore udp, ServerSocket full) throws IOException {
      this.udp = udp;
      this.full = full;
      for (int i = 0; i < waiting.length; i++) {
        waiting[i] = new Socket(InetAddress.getLoopbackAddress(), udp.port());
      }
    }

    static Core open() throws IOException {
      for (int i = 0; i < MOST_PORTS_TRIED; i++) {
        final UdpCore udp = new UdpCore();
        try {
          return new Core(udp, new ServerSocket(udp.port(), 1, InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
          udp.close();
        }
      }
      throw new IOException("no port is free for both");
    }

    @Override
    public void close() throws IOException {
      full.close();
      for (final Socket socket : waiting) {
        socket.close();
      }
      udp.close();
    }
  }

  @Test
  void up06WhatWaitsForAConnectionThatIsRefusedGoesOverUdp() throws Exception {
    try (Core core = Core.open();
        TestEdge edge =
            new TestEdge(
                directory,
                "core-sockets.udp",
                "{ transport = udp, host = 127.0.0.1, port = 0 }",
                "core-sockets.tcp",
                "{ transport = tcp, host = 127.0.0.1, port = 0 }",
                "upstreams.pbx.targets",
                "[\"sip:127.0.0.1:" + core.udp.port() + "\"]",
                "upstreams.pbx.health.enabled",
                "false",
                "upstreams.pbx.connect-timeout",
                "2 m",
                "paths.sip.upstream",
                "pbx");
        RawClient client = edge.open(false, "/", "sip")) {
      final CoreSide side = edge.edge().coreSide().orElseThrow();
      client.sendText(invite());
      untilForwarded(side);
      assertThat(core.udp.isEmpty()).isTrue();
      core.full.close(); // the next attempt is refused
      final UdpCore.Received request = core.udp.receive();
      assertThat(side.transports().counters().get(CoreCounter.STREAM_UNSENT)).isEqualTo(1);
      assertThat(request.text())
          .startsWith("INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:")
          .containsPattern("Record-Route: <sip:127\\.0\\.0\\.1:\\d+;transport=udp;lr>\r\n")
          .doesNotContain("TCP")
          .doesNotContain("transport=tcp");
      core.udp.send(UdpCore.answer(request.text(), "486 Busy Here"), request.from());
      assertThat(client.readFrame().text())
          .startsWith("SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/WSS df7jal23ls0d.invalid;");
    }
  }

  private static void untilForwarded(CoreSide side) {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (side.proxy().counters().get(SipCounter.FORWARDED_REQUESTS) == 0) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
