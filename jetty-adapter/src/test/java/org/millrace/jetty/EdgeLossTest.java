package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.sip.SipCounter;
import org.millrace.jetty.harness.LossyCore;
import org.millrace.jetty.harness.RawClient;
import org.millrace.jetty.harness.TestEdge;

/**
 * Clients of which each message is sent once, and a core over UDP that one datagram in fifty does
 * not reach, or come from: every transaction ends all the same (C-60).
 */
@Tag("slow")
@Timeout(300)
class EdgeLossTest {
  private static final int ONE_IN = 50;
  private static final int MESSAGES = 2000;
  private static final int CALLS = 500;

  @TempDir private static Path directory;

  private static String request(String method, int cseq, String user, String callId, String toTag) {
    return """
        %s sip:%s@example.com SIP/2.0
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK%s%s%s
        Max-Forwards: 70
        From: <sip:alice@example.com>;tag=a1
        To: <sip:%s@example.com>%s
        Call-ID: %s
        CSeq: %d %s
        Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>
        Content-Length: 0

        """
        .formatted(
            method,
            user,
            callId,
            cseq,
            method.equals("ACK") ? "a" : "",
            user,
            toTag,
            callId,
            cseq,
            method)
        .replace("\n", "\r\n");
  }

  private static String callId(String message) {
    return message.replaceFirst("(?s).*\r\nCall-ID: ([^\r]*).*", "$1");
  }

  private static TestEdge edge(LossyCore core) throws Exception {
    return new TestEdge(
        directory,
        "core-sockets.udp",
        "{ transport = udp, host = 127.0.0.1, port = 0 }",
        "upstreams.pbx.targets",
        "[\"sip:127.0.0.1:" + core.port() + "\"]",
        "upstreams.pbx.health.enabled",
        "false",
        "paths.sip.upstream",
        "pbx",
        "edge.transactions.t1",
        "100 ms");
  }

  @Test
  void requestsAreAnswered() throws Exception {
    try (LossyCore core = new LossyCore(ONE_IN);
        TestEdge edge = edge(core);
        RawClient client = edge.open(false, "/", "sip")) {
      final Set<String> open = new HashSet<>();
      int sent = 0;
      while (sent < MESSAGES || !open.isEmpty()) {
        while (sent < MESSAGES && open.size() < 50) {
          final String callId = "m" + sent++;
          open.add(callId);
          client.sendText(request("MESSAGE", 1, "bob", callId, ""));
        }
        final String answer = client.readFrame().text();
        assertThat(answer).startsWith("SIP/2.0 200 OK\r\n");
        open.remove(callId(answer));
      }
      assertThat(core.lost()).as("lost, or this shows nothing").isGreaterThan(MESSAGES / ONE_IN);
      assertThat(core.repeated()).isPositive();
      assertThat(counted(edge, SipCounter.UNANSWERED_TRANSACTIONS)).isZero();
      assertThat(counted(edge, SipCounter.UNTRACKED_TRANSACTIONS)).isZero();
    }
  }

  /** As a phone does it: ACK for each final answer, BYE after the first one. */
  @Test
  void callsAreMadeAndEnded() throws Exception {
    try (LossyCore core = new LossyCore(ONE_IN);
        TestEdge edge = edge(core);
        RawClient client = edge.open(false, "/", "sip")) {
      final Set<String> inviting = new HashSet<>();
      final Set<String> ending = new HashSet<>();
      final List<String> failed = new ArrayList<>();
      int sent = 0;
      int ended = 0;
      while (ended < CALLS) {
        while (sent < CALLS && inviting.size() + ending.size() < 20) {
          final String callId = "c" + sent++;
          inviting.add(callId);
          client.sendText(request("INVITE", 1, user(callId), callId, ""));
        }
        final String answer = client.readFrame().text();
        final String callId = callId(answer);
        if (answer.startsWith("SIP/2.0 1")) {
          continue;
        }
        if (answer.contains("\r\nCSeq: 1 INVITE\r\n")) {
          final boolean accepted = answer.startsWith("SIP/2.0 200 ");
          client.sendText(ack(answer, callId));
          if (inviting.remove(callId)) {
            if (accepted) {
              ending.add(callId);
              client.sendText(inDialog(answer, "BYE", 2, callId));
            } else {
              failed.add(callId);
              ended++;
            }
          }
        } else if (ending.remove(callId)) {
          assertThat(answer).startsWith("SIP/2.0 200 OK\r\n");
          ended++;
        }
      }
      assertThat(failed).as("refused by the core").hasSize(CALLS / 5);
      lastAcks(core, client);
      assertThat(core.lost()).as("lost, or this shows nothing").isGreaterThan(CALLS / ONE_IN);
      assertThat(counted(edge, SipCounter.UNANSWERED_TRANSACTIONS)).isZero();
    }
  }

  /** That of a failure belongs to the transaction, and has its branch. */
  private static String ack(String answer, String callId) {
    return answer.startsWith("SIP/2.0 2")
        ? inDialog(answer, "ACK", 1, callId)
        : request("ACK", 1, user(callId), callId, ";tag=core").replaceFirst("a\r\nMax", "\r\nMax");
  }

  /** By the route that the answer has recorded, the last of it first. */
  private static String inDialog(String answer, String method, int cseq, String callId) {
    final StringBuilder routes = new StringBuilder();
    for (final String line : answer.lines().toList()) {
      if (line.startsWith("Record-Route: ")) {
        routes.insert(0, line.substring("Record-".length()) + "\r\n");
      }
    }
    return request(method, cseq, user(callId), callId, ";tag=core")
        .replaceFirst("From:", routes + "From:");
  }

  private static String user(String callId) {
    return Integer.parseInt(callId.substring(1)) % 5 == 0 ? "busy" : "bob";
  }

  /** An ACK that is lost is sent again when the answer is. */
  private static void lastAcks(LossyCore core, RawClient client) throws Exception {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (core.waitingForAck() > 0) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      final String answer = client.readFrame().text();
      if (answer.contains("CSeq: 1 INVITE")) {
        client.sendText(ack(answer, callId(answer)));
      }
    }
  }

  private static long counted(TestEdge edge, SipCounter counter) {
    return edge.edge().coreSide().orElseThrow().proxy().counters().get(counter);
  }
}
