package org.millrace.engine.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Masking keys from a ChaCha20 key stream seeded by the platform's strong random source.
 *
 * <p>SecureRandom itself would do, but allocates on every call and may enter the kernel. The key
 * stream is drawn a block at a time and allocates nothing; it is keyed anew every {@value
 * #BLOCKS_PER_KEY} blocks, long before ChaCha20's counter ends.
 */
public final class SecureMaskingKeys implements MaskingKeys {
  private static final int BLOCK_LENGTH = 8 * 1024;
  private static final int BLOCKS_PER_KEY = 1 << 20;

  private final SecureRandom seed = new SecureRandom();
  private final byte[] zeros = new byte[BLOCK_LENGTH];
  private final byte[] block = new byte[BLOCK_LENGTH];
  private final ByteBuffer keys = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
  private Cipher cipher;
  private int blocksLeft;

  public SecureMaskingKeys() {
    keys.position(keys.limit());
  }

  @Override
  public int next() {
    if (!keys.hasRemaining()) {
      refill();
    }
    return keys.getInt();
  }

  private void refill() {
    try {
      if (blocksLeft == 0) {
        cipher = keyed();
        blocksLeft = BLOCKS_PER_KEY;
      }
      blocksLeft--;
      cipher.update(zeros, 0, BLOCK_LENGTH, block, 0);
      keys.clear();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ChaCha20 is part of every JDK from 11 on", e);
    }
  }

  private Cipher keyed() throws GeneralSecurityException {
    final byte[] key = new byte[32];
    final byte[] nonce = new byte[12];
    seed.nextBytes(key);
    seed.nextBytes(nonce);
    final Cipher fresh = Cipher.getInstance("ChaCha20");
    fresh.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, "ChaCha20"),
        new ChaCha20ParameterSpec(nonce, 0));
    return fresh;
  }
}
