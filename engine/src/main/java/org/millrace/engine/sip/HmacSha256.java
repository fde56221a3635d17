package org.millrace.engine.sip;

/**
 * HMAC-SHA-256 (RFC 2104) that allocates nothing, which {@code javax.crypto.Mac} does for every
 * result. One text at a time, one thread at a time.
 */
final class HmacSha256 extends Sha256 {
  private final byte[] inner = new byte[BLOCK];
  private final byte[] outer = new byte[BLOCK + LENGTH];

  HmacSha256(byte[] key) {
    final byte[] block = key.length > BLOCK ? newDigest().digest(key) : key;
    for (int i = 0; i < BLOCK; i++) {
      final int b = i < block.length ? block[i] : 0;
      inner[i] = (byte) (b ^ 0x36);
      outer[i] = (byte) (b ^ 0x5C);
    }
  }

  @Override
  Sha256 begin() {
    super.begin();
    return update(inner);
  }

  @Override
  byte[] end() {
    end(outer, BLOCK);
    super.begin();
    update(outer);
    return super.end();
  }
}
