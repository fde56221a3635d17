package org.millrace.engine.sip;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.ConfigurationException;

/**
 * Tokens for which our Via shows a key of 12 characters only (C-44): a few old gateways cannot take
 * the whole. The key is the token's end, part of its MAC, so that a request that is repeated gets
 * the same one, and nobody can guess it. What is found is verified as if it had come in the Via.
 *
 * <h2>Threads</h2>
 *
 * Any thread stores and finds; nobody waits. An entry's version is odd while it is written: who
 * wants to write makes it odd, if it was even, and is then the only one; it is made even, and
 * larger, when the entry is whole. A reader copies the entry between two looks at the version, and
 * takes nothing if they differ. What a writer writes comes after its first change of the version
 * and before the second.
 *
 * <h2>Bounds</h2>
 *
 * A key may be in one of eight places. If all are taken the one that was stored or used longest ago
 * makes room; the answer that still needs it is dropped as one that nobody asked for.
 */
public final class ViaKeys {
  /** Characters of a key. */
  public static final int KEY_LENGTH = 12;

  /** Longest token. */
  public static final int MAX_LENGTH = 64;

  /** Most entries. */
  public static final int MAX_ENTRIES = 1 << 24;

  private static final int WAYS = 8;
  private static final int ATTEMPTS = 4;
  private static final int NONE = -1;
  private static final int VERSION = 0;
  private static final int LENGTH = 4;
  private static final int STAMP = 8;
  private static final int TEXT = 16;
  private static final int STRIDE = TEXT + MAX_LENGTH;

  private final UnsafeBuffer table;
  private final int bucketMask;

  /**
   * @param entries 1 to {@link #MAX_ENTRIES}, of 80 bytes each; rounded up to a power of two, 8 at
   *     least.
   */
  public ViaKeys(int entries) {
    ConfigurationException.require(
        entries > 0 && entries <= MAX_ENTRIES, "viaKeys", entries, "must be 1 to 16777216");
    final int buckets = BitUtil.findNextPositivePowerOfTwo(Math.max(entries, WAYS)) / WAYS;
    bucketMask = buckets - 1;
    table =
        new UnsafeBuffer(
            ByteBuffer.allocateDirect(buckets * WAYS * STRIDE).order(ByteOrder.nativeOrder()));
  }

  private int bucket(byte[] text, int keyOffset) {
    final long hash = Hash.mix(Octets.eight(text, keyOffset) ^ Octets.eight(text, keyOffset + 4));
    return (int) (hash & bucketMask) * WAYS * STRIDE;
  }

  /**
   * Keeps a token for as long as there is room.
   *
   * @param token {@link #KEY_LENGTH} or more bytes, {@link #MAX_LENGTH} at most; copied. The last
   *     {@link #KEY_LENGTH} are its key.
   * @return whether it will be found: not if other threads are writing at all the places that it
   *     may have, or have been again and again where it was to be.
   */
  public boolean store(byte[] token, int length, long nowNs) {
    final int bucket = bucket(token, length - KEY_LENGTH);
    for (int i = 0; i < ATTEMPTS; i++) {
      if (stored(bucket, token, length, nowNs)) {
        return true;
      }
    }
    return false;
  }

  private boolean stored(int bucket, byte[] token, int length, long nowNs) {
    int oldest = NONE;
    int oldestVersion = 0;
    for (int entry = bucket; entry < bucket + WAYS * STRIDE; entry += STRIDE) {
      final int version = table.getIntVolatile(entry + VERSION);
      if (isWriting(version)) {
        continue;
      }
      if (holds(entry, token, length) && isUnchanged(entry, version)) {
        table.putLongOrdered(entry + STAMP, nowNs);
        return true;
      }
      if (oldest == NONE || isOlder(entry, oldest)) {
        oldest = entry;
        oldestVersion = version;
      }
    }
    return oldest != NONE && write(oldest, oldestVersion, token, length, nowNs);
  }

  private static boolean isWriting(int version) {
    return (version & 1) != 0;
  }

  private boolean isUnchanged(int entry, int version) {
    VarHandle.loadLoadFence();
    return table.getIntVolatile(entry + VERSION) == version;
  }

  private boolean holds(int entry, byte[] token, int length) {
    if (table.getInt(entry + LENGTH) != length) {
      return false;
    }
    for (int i = length - 1; i >= 0; i--) { // keys are at the end
      if (table.getByte(entry + TEXT + i) != token[i]) {
        return false;
      }
    }
    return true;
  }

  /** What is empty is older than anything. */
  private boolean isOlder(int entry, int other) {
    if (table.getInt(other + LENGTH) == 0) {
      return false;
    }
    return table.getInt(entry + LENGTH) == 0
        || table.getLong(entry + STAMP) - table.getLong(other + STAMP) < 0;
  }

  /** Unless somebody has written there since the version was looked at. */
  private boolean write(int entry, int version, byte[] token, int length, long nowNs) {
    if (!table.compareAndSetInt(entry + VERSION, version, version + 1)) {
      return false;
    }
    VarHandle.storeStoreFence();
    table.putInt(entry + LENGTH, length);
    table.putLong(entry + STAMP, nowNs);
    table.putBytes(entry + TEXT, token, 0, length);
    table.putIntOrdered(entry + VERSION, version + 2);
    return true;
  }

  /**
   * Looks for the token with a key.
   *
   * @param text holds the key, and whatever is behind it.
   * @param token gets what is found; {@link #MAX_LENGTH} bytes.
   * @return its length, 0 if there is none.
   */
  public int find(byte[] text, int keyOffset, byte[] token) {
    final int bucket = bucket(text, keyOffset);
    for (int entry = bucket; entry < bucket + WAYS * STRIDE; entry += STRIDE) {
      final int version = table.getIntVolatile(entry + VERSION);
      final int length = table.getInt(entry + LENGTH);
      if (!isWriting(version) && hasKey(entry, length, text, keyOffset)) {
        table.getBytes(entry + TEXT, token, 0, length);
        if (isUnchanged(entry, version)) {
          return length;
        }
      }
    }
    return 0;
  }

  private boolean hasKey(int entry, int length, byte[] text, int keyOffset) {
    if (length < KEY_LENGTH || length > MAX_LENGTH) {
      return false;
    }
    final int key = entry + TEXT + length - KEY_LENGTH;
    for (int i = 0; i < KEY_LENGTH; i++) {
      if (table.getByte(key + i) != text[keyOffset + i]) {
        return false;
      }
    }
    return true;
  }
}
