package org.millrace.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.Inbound;

class IdlePeersTest {
  private final IdlePeers peers = new IdlePeers(2);
  private final RecordingInbound inbound = new RecordingInbound();

  @Test
  void aPingIsAnsweredWithItsPayloadWhenItIsThePeersTurn() {
    peers.wire(1).attached(inbound);
    peers.wire(1).write(bytes("8908" + "0123456789abcdef"));
    assertThat(inbound.delivered).isEmpty();
    assertThat(peers.answer(8)).isEqualTo(1);
    assertThat(unmasked(inbound.delivered.get(0))).isEqualTo("8a88" + "0123456789abcdef");
    assertThat(peers.answer(8)).isZero();
    assertThat(peers.answered()).isEqualTo(1);
  }

  @Test
  void whatFindsNoRoomIsDeliveredNextTime() {
    peers.wire(0).attached(inbound);
    inbound.full = true;
    peers.wire(0).write(bytes("8908" + "0000000000000001"));
    assertThat(peers.answer(8)).isZero();
    inbound.full = false;
    assertThat(peers.answer(8)).isEqualTo(1);
    assertThat(unmasked(inbound.delivered.get(0))).isEqualTo("8a88" + "0000000000000001");
  }

  @Test
  void noMoreThanTheLimitAtATime() {
    for (int i = 0; i < 2; i++) {
      peers.wire(i).attached(inbound);
      peers.wire(i).write(bytes("8908" + "0000000000000001"));
    }
    assertThat(peers.answer(1)).isEqualTo(1);
    assertThat(peers.answer(1)).isEqualTo(1);
    assertThat(peers.answer(1)).isZero();
  }

  @Test
  void nothingElseIsAnswered() {
    peers.wire(0).attached(inbound);
    peers.wire(0).write(bytes("880203e9"));
    peers.wire(0).write(bytes("8208" + "0123456789abcdef"));
    assertThat(peers.answer(8)).isZero();
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder());
  }

  /** Header and plain payload, without the key. */
  private static String unmasked(byte[] frame) {
    final byte[] plain = new byte[frame.length - 4];
    plain[0] = frame[0];
    plain[1] = frame[1];
    for (int i = 0; i < plain.length - 2; i++) {
      plain[i + 2] = (byte) (frame[i + 6] ^ frame[2 + i % 4]);
    }
    return HexFormat.of().formatHex(plain);
  }

  private static final class RecordingInbound implements Inbound {
    private final List<byte[]> delivered = new ArrayList<>();
    private boolean full;

    @Override
    public int deliver(ByteBuffer bytes) {
      if (full) {
        return STALLED;
      }
      final byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      delivered.add(copy);
      return DELIVERED;
    }

    @Override
    public void stalled(ByteBuffer kept) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void endOfInput() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writeComplete() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writeFailed(Throwable cause) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void failed(Throwable cause) {
      throw new UnsupportedOperationException();
    }
  }
}
