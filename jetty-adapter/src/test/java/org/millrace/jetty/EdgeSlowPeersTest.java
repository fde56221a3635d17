package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.frame.Violation;
import org.millrace.jetty.handshake.RefusalReason;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;

/**
 * A client that stops reading, one that sends a byte now and then, and one that never finishes TLS:
 * each is cut off by its own deadline, while a thousand others are all answered. How long those had
 * to wait before and meanwhile is printed, not judged.
 */
@Tag("slow")
class EdgeSlowPeersTest {
  private static final int OTHERS = 1_000;
  private static final int ROUNDS_BEFORE = 5;
  private static final double NS_PER_US = 1e3;
  private static final long A_BYTE_EVERY_NS = 200_000_000L;

  /** Deadlines of their own, so that a pause of the machine cuts off none of the others. */
  private static final String UNREAD = "/unread";

  private static final String TRICKLED = "/trickled";

  /** 48 MB: more than sockets buffer, less than the queue's limit, which is not the deadline. */
  private static final int UNREAD_FRAMES = 800;

  private static final int UNREAD_FRAME = 60_000;

  @TempDir private Path directory;

  @Test
  void eachIsCutOffByItsOwnDeadlineWhileOthersGoOn() throws Exception {
    try (TestEdge edge =
        new TestEdge(
            directory,
            "handshake.timeout",
            "15 s",
            "listeners.ws.paths",
            "[echo, unread, trickled]",
            "listeners.wss.paths",
            "[echo, unread, trickled]",
            "paths.unread.path",
            UNREAD,
            "paths.unread.sub-protocols",
            "[echo]",
            "paths.unread.connection.send-timeout",
            "1 s",
            "paths.unread.connection.send-queue-hard-limit",
            "64 MiB",
            "paths.trickled.path",
            TRICKLED,
            "paths.trickled.sub-protocols",
            "[echo]",
            "paths.trickled.connection.max-reads-per-message",
            "4096",
            "paths.trickled.connection.message-min-rate",
            "256 B",
            "paths.trickled.connection.message-min-rate-grace",
            "1 s")) {
      final List<RawClient> others = new ArrayList<>();
      for (int i = 0; i < OTHERS; i++) {
        others.add(edge.open(i % 10 == 0, "/echo", "echo"));
      }
      final List<Long> before = new ArrayList<>();
      for (int i = 0; i < ROUNDS_BEFORE; i++) {
        talk(others, before);
      }
      final List<Long> meanwhile = new ArrayList<>();
      final AtomicReference<Throwable> trouble = new AtomicReference<>();
      final Thread talk = new Thread(() -> talkOn(others, meanwhile, trouble), "others");
      talk.start();

      assertThat(endOfOneThatStopsReading(edge)).isEqualTo(Violation.SEND_TIMEOUT);
      assertThat(endOfOneThatTrickles(edge)).isEqualTo(Violation.MESSAGE_TOO_SLOW);
      endOfOneThatNeverFinishesTls(edge);

      talk.interrupt();
      talk.join();
      assertThat(trouble.get()).isNull();
      print("before", before);
      print("meanwhile", meanwhile);
      assertThat(edge.events().closed()).isEqualTo(2);
      for (final RawClient other : others) {
        other.close();
      }
    }
  }

  private static void talkOn(
      List<RawClient> others, List<Long> waits, AtomicReference<Throwable> trouble) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        talk(others, waits);
      }
    } catch (IOException | AssertionError e) {
      trouble.set(e);
    }
  }

  /** A word with each of them; notes how long each took to answer, in nanoseconds. */
  private static void talk(List<RawClient> others, List<Long> waits) throws IOException {
    for (final RawClient other : others) {
      final long startNs = System.nanoTime();
      if (!other.sendText("hello").readFrame().text().equals("hello")) {
        throw new AssertionError("another answer");
      }
      waits.add(System.nanoTime() - startNs);
    }
  }

  private static void print(String when, List<Long> waits) {
    waits.sort(null);
    System.out.printf(
        "EdgeSlowPeersTest: %d others %s: p50 %.0f us, p99 %.0f us of %d answers%n",
        OTHERS,
        when,
        waits.get(waits.size() / 2) / NS_PER_US,
        waits.get(waits.size() * 99 / 100) / NS_PER_US,
        waits.size());
  }

  private static Violation endOfOneThatStopsReading(TestEdge edge) throws Exception {
    return endOf(
        edge,
        edge.open(true, UNREAD, "echo"),
        client -> {
          client.socket().setReceiveBufferSize(UNREAD_FRAME);
          for (int i = 0; i < UNREAD_FRAMES; i++) {
            client.sendFrame(2, new byte[UNREAD_FRAME]);
          }
        });
  }

  private static Violation endOfOneThatTrickles(TestEdge edge) throws Exception {
    return endOf(
        edge,
        edge.open(false, TRICKLED, "echo"),
        client -> {
          for (final byte each : RawClient.masked(0x82, new byte[1_000])) {
            client.send(each);
            LockSupport.parkNanos(A_BYTE_EVERY_NS);
          }
        });
  }

  /** What a client does until it is cut off. */
  private interface Sending {
    void send(RawClient client) throws IOException;
  }

  private static Violation endOf(TestEdge edge, RawClient peer, Sending sending) throws Exception {
    try (RawClient client = peer) {
      final Thread sender =
          new Thread(
              () -> {
                try {
                  sending.send(client);
                } catch (IOException e) {
                  // cut off
                }
              });
      sender.start();
      final ClosedEvent event = edge.events().awaitClosed();
      client.socket().close();
      sender.join();
      return event.violation();
    }
  }

  private static void endOfOneThatNeverFinishesTls(TestEdge edge) throws Exception {
    try (RawClient client = RawClient.connect(edge.wss())) {
      client.sendHex("16 03 01 02 00 01 00 01 fc 03 03");
      assertThat(client.read()).isEqualTo(-1);
    }
    assertThat(edge.edge().handshakeCounters().failedHandshakes(RefusalReason.NOTHING_RECEIVED))
        .isEqualTo(1);
  }
}
