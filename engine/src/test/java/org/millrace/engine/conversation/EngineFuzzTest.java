package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.millrace.engine.EngineContext;
import org.millrace.engine.harness.TestEngine;
import org.millrace.engine.status.EngineCounter;

/** Replays {@link EngineFuzzSeeds} unless the environment has JAZZER_FUZZ=1; then it searches. */
@Tag("fuzz")
class EngineFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void makesOfAnyBytesWhatTheReferenceDoes(byte[] input) {
    final EngineFuzzInput conversation = EngineFuzzInput.parse(input);
    // Closing it fails if there is anything in the error log.
    try (TestEngine engine =
        new TestEngine(
            new EngineContext()
                .ringCapacity(RingFiller.RING_CAPACITY)
                .recordsPerCycle(RingFiller.FEW_RECORDS)
                .maxConnections(2)
                .errorLogLength(4096))) {
      final RingFiller filler = new RingFiller(engine.engine());
      final PeerDriver peer = new PeerDriver(engine, conversation.stream());
      if (conversation.blocked()) {
        peer.block();
      }
      converse(engine, filler, peer, conversation.reads());
      peer.unblock();
      engine.step();
      peer.checkWritten();
      peer.endOfInput();
      engine.step();
      peer.checkClosed();
      assertThat(engine.engine().counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    }
  }

  private static void converse(
      TestEngine engine, RingFiller filler, PeerDriver peer, List<EngineFuzzInput.Read> reads) {
    for (EngineFuzzInput.Read read : reads) {
      if (read.ringFull()) {
        filler.fill();
      }
      peer.read(read.length());
      if (read.rest() || peer.isStalled()) {
        engine.step();
        peer.checkAtRest();
      }
    }
    engine.step();
    peer.checkAtRest();
  }
}
