package org.millrace.bench.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the benchmarks in this package. */
class ShardBenchmarksTest {
  private final List<byte[]> answers = new ArrayList<>();
  private int writes;

  /** Cuts a batch of unmasked text frames into their payloads. */
  private void decode(ByteBuffer batch) {
    writes++;
    while (batch.hasRemaining()) {
      assertThat(batch.get()).isEqualTo((byte) 0x81);
      int length = batch.get();
      if (length == 126) {
        length = (batch.get() & 0xFF) << 8 | (batch.get() & 0xFF);
      }
      final byte[] payload = new byte[length];
      batch.get(payload);
      answers.add(payload);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTIONS, 64, 16, 16",
    "CONNECTIONS, 600, 1, 1",
    "CONNECTIONS, 16384, 256, 256",
    "READS, 64, 16, 1",
    "READS, 600, 256, 1",
    "READ, 64, 256, 1",
    "READ, 600, 16, 1",
  })
  void everyMessageIsEchoedInOneWriteAConnection(
      EchoShard.Spread spread, int size, int messages, int expectedWrites) {
    final byte[] text = Texts.ascii(size);
    try (EchoShard shard = new EchoShard(spread, text, this::decode)) {
      shard.echo(messages);
      assertThat(answers).hasSize(messages).allMatch(answer -> same(answer, text));
      assertThat(writes).isEqualTo(expectedWrites);
    }
  }

  /** Long enough for the ring to begin anew many times, which must not lose or add anything. */
  @ParameterizedTest
  @EnumSource
  void batchAfterBatch(EchoShard.Spread spread) {
    final byte[] text = Texts.ascii(16_384);
    try (EchoShard shard = new EchoShard(spread, text, this::decode)) {
      for (int i = 1; i <= 20; i++) {
        shard.echo(EchoShard.MOST_MESSAGES);
        assertThat(answers).hasSize(EchoShard.MOST_MESSAGES).allMatch(answer -> same(answer, text));
        answers.clear();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 256})
  void everyMessageSentIsWritten(int messages) {
    final byte[] text = Texts.ascii(600);
    try (EchoShard shard = new EchoShard(EchoShard.Spread.CONNECTIONS, text, this::decode)) {
      shard.send(messages);
      assertThat(answers).hasSize(messages).allMatch(answer -> same(answer, text));
      assertThat(writes).isEqualTo(messages);
    }
  }

  @Test
  void theBenchmarksThemselvesCount() {
    final ShardCycleBenchmark cycle = new ShardCycleBenchmark();
    cycle.size = 600;
    cycle.spread = "read";
    cycle.prepare();
    final long frame = 4 + 600;
    assertThat(cycle.batch1()).isEqualTo(frame);
    assertThat(cycle.batch16()).isEqualTo(17 * frame);
    assertThat(cycle.batch256()).isEqualTo(273 * frame);
    cycle.close();
    final ShardSendBenchmark send = new ShardSendBenchmark();
    send.size = 64;
    send.prepare();
    assertThat(send.batch16()).isEqualTo(16 * (2 + 64));
    send.close();
  }

  @Test
  void theRingHandsOverWhatWasPutIn() {
    final byte[] record = Texts.ascii(600);
    final HandOffRing ring = new HandOffRing(record);
    int offered = 0;
    while (ring.offer(offered)) {
      offered++;
    }
    assertThat(offered).isGreaterThan(6_000);
    final List<Long> ids = new ArrayList<>();
    final int read =
        ring.read(
            (type, buffer, index, length) -> {
              ids.add(buffer.getLong(index));
              final byte[] copy = new byte[length - Long.BYTES];
              buffer.getBytes(index + Long.BYTES, copy);
              assertThat(same(copy, record)).isTrue();
            },
            Integer.MAX_VALUE);
    assertThat(read).isEqualTo(offered);
    for (int i = 0; i < offered; i++) {
      assertThat(ids.get(i)).isEqualTo(i);
    }
  }

  @Test
  void theHandOffBenchmarkReadsWhatItOffers() {
    final RingHandOffBenchmark benchmark = new RingHandOffBenchmark();
    benchmark.size = 64;
    benchmark.prepare();
    for (int i = 1; i <= 200_000; i++) {
      assertThat(benchmark.oneThread()).isEqualTo(i);
    }
    final RingHandOffBenchmark.Accepted accepted = new RingHandOffBenchmark.Accepted();
    final RingHandOffBenchmark.Refused refused = new RingHandOffBenchmark.Refused();
    while (refused.refused == 0) {
      benchmark.producer(accepted, refused);
    }
    long read = 0;
    for (int i = 0; i < 1_000; i++) {
      read += benchmark.consumer();
    }
    assertThat(read).isEqualTo(accepted.accepted);
    assertThat(benchmark.ids).isEqualTo(200_000 + accepted.accepted);
  }

  private static boolean same(byte[] answer, byte[] text) {
    return Arrays.equals(answer, text);
  }
}
