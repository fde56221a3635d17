package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.Inbound;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.sip.SipFraming;
import org.millrace.engine.status.EngineCounter;

/** A warm shard allocates nothing for the messages of a SIP stream, whatever way they take. */
class StreamZeroAllocationTest {
  private static final int RING = 1 << 20;
  private static final Bytes MESSAGE = message(300);
  private static final Bytes CRLF = Bytes.utf8("\r\n");
  private static final Bytes PING = Bytes.utf8("\r\n\r\n");

  private final AllocationMeter meter = new AllocationMeter();
  private int turns;

  private static Bytes message(int body) {
    return Bytes.utf8(
        """
        MESSAGE sip:alice@example.com SIP/2.0
        Via: SIP/2.0/TCP core.example.com;branch=z9hG4bKa
        From: <sip:bob@example.com>;tag=1
        To: <sip:alice@example.com>
        Call-ID: zero@example.com
        CSeq: 7 MESSAGE
        Content-Length: %d

        %s"""
            .formatted(body, "x".repeat(body))
            .replace("\n", "\r\n"));
  }

  @Test
  void echoesWholeMessages() {
    echoes(false, 1, MESSAGE);
  }

  @Test
  void echoesSeveralMessagesOfOneRead() {
    echoes(false, 3, MESSAGE.followedBy(MESSAGE).followedBy(CRLF).followedBy(MESSAGE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 260, 400})
  void echoesSplitMessages(int split) {
    echoes(false, 1, MESSAGE.slice(0, split), MESSAGE.slice(split, MESSAGE.length()));
  }

  @Test
  void echoesLargeMessages() {
    final Bytes large = message(16 * 1024);
    echoes(false, 1, large.slice(0, 5_000), large.slice(5_000, large.length()));
  }

  @Test
  void echoesThroughAsynchronousWrites() {
    echoes(true, 1, MESSAGE);
  }

  private void echoes(boolean asynchronous, int messages, Bytes... reads) {
    final ByteBuffer first = EchoRig.buffer(reads[0]);
    final ByteBuffer second = reads.length == 1 ? null : EchoRig.buffer(reads[1]);
    try (EchoRig rig = new EchoRig(context(), new NullWire(asynchronous), RING)) {
      assertAllocatesNothing(
          () -> {
            rig.read(first);
            if (second != null) {
              rig.read(second);
            }
            if (asynchronous) {
              rig.wire().completeWrite();
              rig.work();
            }
          });
      assertThat(rig.counter(EngineCounter.STREAM_RECEIVED_MESSAGES))
          .isEqualTo(rig.counter(EngineCounter.STREAM_TRANSMITTED_MESSAGES))
          .isEqualTo((long) messages * turns);
      assertThat(rig.wire().writtenBytes())
          .isEqualTo(rig.counter(EngineCounter.TRANSMITTED_BYTES))
          .isGreaterThan((long) messages * turns * 300);
    }
  }

  @Test
  void answersPings() {
    final ByteBuffer pings = EchoRig.buffer(PING.followedBy(PING).followedBy(PING.slice(0, 1)));
    final ByteBuffer rest = EchoRig.buffer(PING.slice(1, 4));
    try (EchoRig rig = new EchoRig(context(), new NullWire(false), RING)) {
      assertAllocatesNothing(
          () -> {
            rig.read(pings);
            rig.read(rest);
          });
      assertThat(rig.counter(EngineCounter.PINGS_RECEIVED)).isEqualTo(3L * turns);
      assertThat(rig.wire().writtenBytes()).isEqualTo(6L * turns);
    }
  }

  @Test
  void keepsAlive() {
    final ByteBuffer pong = EchoRig.buffer(CRLF);
    final ConnectionContext keepAlive =
        context()
            .role(Role.CLIENT)
            .keepAliveTimeout(Duration.ofMillis(10))
            .pongTimeout(Duration.ofMillis(30));
    try (EchoRig rig = new EchoRig(keepAlive, new NullWire(false), RING)) {
      assertAllocatesNothing(
          () -> {
            for (int i = 0; i < 20; i++) {
              rig.work();
            }
            rig.read(pong);
          });
      assertThat(rig.counter(EngineCounter.PONGS_CONFIRMED))
          .isEqualTo(rig.counter(EngineCounter.PINGS_SENT))
          .isGreaterThan(turns / 4);
    }
  }

  @Test
  void sendsFromOutside() {
    final UnsafeBuffer message = new UnsafeBuffer(EchoRig.buffer(MESSAGE));
    try (EchoRig rig = new EchoRig(context(), new NullWire(false), RING)) {
      final long id = rig.connection().id();
      assertAllocatesNothing(
          () -> {
            EchoRig.check(
                rig.engine().send(id, Connection.AUTO, message, 0, MESSAGE.length())
                    == SendResult.SENT);
            rig.work();
          });
      assertThat(rig.counter(EngineCounter.STREAM_TRANSMITTED_MESSAGES)).isEqualTo(turns);
    }
  }

  @Test
  void echoesWhatAFullRingRefused() {
    final ByteBuffer message = EchoRig.buffer(MESSAGE);
    final ByteBuffer read = ByteBuffer.allocateDirect(message.capacity());
    final NullWire wire = new NullWire(false);
    try (EchoRig rig = new EchoRig(context(), wire, RingFiller.RING_CAPACITY)) {
      final RingFiller filler = new RingFiller(rig.engine());
      rig.work();
      assertAllocatesNothing(
          () -> {
            filler.fill();
            read.clear().put(0, message, 0, message.capacity());
            EchoRig.check(wire.inbound().deliver(read) == Inbound.STALLED);
            wire.inbound().stalled(read);
            rig.work();
          });
      assertThat(wire.resumes()).isEqualTo(turns);
      assertThat(rig.counter(EngineCounter.STREAM_TRANSMITTED_MESSAGES)).isEqualTo(turns);
    }
  }

  private void assertAllocatesNothing(Runnable turn) {
    final long bytes =
        meter.leastPerRound(
            () -> {
              turns++;
              turn.run();
            });
    assertThat(bytes).as("bytes allocated in %d turns", AllocationMeter.TURNS).isZero();
  }

  private static ConnectionContext context() {
    return new ConnectionContext().framing(SipFraming::new).pingRate(100_000);
  }
}
