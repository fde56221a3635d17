package org.millrace.jetty.handshake.auth;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces of Digest. One that is issued is not stored: it holds its time and a random part under a
 * keyed MAC. One that was used well is remembered with the counts seen, so that no answer is taken
 * twice. The memory is bounded: what is forgotten for want of room, and all that is as old, counts
 * as stale.
 */
final class Nonces {
  private static final String MAC = "HmacSHA256";
  private static final int MAC_BYTES = 16;
  private static final int SIGNED_BYTES = 2 * Long.BYTES;
  private static final int REMEMBERED = 8192;
  private static final int WINDOW = Long.SIZE;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();
  private final long lifeMillis;
  private final InstantSource clock;

  /** In order of first use. Guarded by this. */
  private final Map<String, Counts> used = new LinkedHashMap<>();

  private long forgottenUpTo = Long.MIN_VALUE;

  /** What a nonce is worth. */
  enum Use {
    FRESH,
    STALE,
    FORGED
  }

  /** The highest count seen, and which of those just below it were. */
  private static final class Counts {
    private final long issuedAt;
    private long highest;
    private long seen;

    private Counts(long issuedAt) {
      this.issuedAt = issuedAt;
    }

    private boolean take(long count) {
      if (count > highest) {
        final long ahead = count - highest;
        seen = (ahead >= WINDOW ? 0 : seen << ahead) | 1;
        highest = count;
        return true;
      }
      final long behind = highest - count;
      if (behind >= WINDOW || (seen & (1L << behind)) != 0) {
        return false;
      }
      seen |= 1L << behind;
      return true;
    }
  }

  Nonces(Duration life, InstantSource clock) {
    this.lifeMillis = life.toMillis();
    this.clock = clock;
    final byte[] secret = new byte[32];
    random.nextBytes(secret);
    key = new SecretKeySpec(secret, MAC);
  }

  String issue() {
    final ByteBuffer nonce = ByteBuffer.allocate(SIGNED_BYTES + MAC_BYTES);
    nonce.putLong(clock.millis()).putLong(random.nextLong());
    nonce.put(mac(nonce.array()), 0, MAC_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
  }

  /** Uses a nonce whose answer was right. */
  Use use(String nonce, long count) {
    final byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return Use.FORGED;
    }
    if (bytes.length != SIGNED_BYTES + MAC_BYTES || !isOurs(bytes)) {
      return Use.FORGED;
    }
    final long issuedAt = ByteBuffer.wrap(bytes).getLong();
    final long now = clock.millis();
    if (now - issuedAt > lifeMillis) {
      return Use.STALE;
    }
    return take(nonce, issuedAt, count, now);
  }

  synchronized int remembered() {
    return used.size();
  }

  private synchronized Use take(String nonce, long issuedAt, long count, long now) {
    Counts counts = used.get(nonce);
    if (counts == null) {
      forget(now);
      if (issuedAt <= forgottenUpTo) {
        return Use.STALE;
      }
      counts = new Counts(issuedAt);
      used.put(nonce, counts);
    }
    return counts.take(count) ? Use.FRESH : Use.STALE;
  }

  /** Makes room: of those that are too old anyway first. */
  private void forget(long now) {
    final Iterator<Counts> oldest = used.values().iterator();
    while (oldest.hasNext()) {
      final Counts counts = oldest.next();
      final boolean expired = now - counts.issuedAt > lifeMillis;
      if (!expired && used.size() < REMEMBERED) {
        return;
      }
      if (!expired) {
        forgottenUpTo = Math.max(forgottenUpTo, counts.issuedAt);
      }
      oldest.remove();
    }
  }

  private boolean isOurs(byte[] nonce) {
    final byte[] expected = mac(nonce);
    int difference = 0;
    for (int i = 0; i < MAC_BYTES; i++) {
      difference |= expected[i] ^ nonce[SIGNED_BYTES + i];
    }
    return difference == 0;
  }

  private byte[] mac(byte[] nonce) {
    try {
      final Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      mac.update(nonce, 0, SIGNED_BYTES);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has it", e);
    }
  }

  /** Reads the count: eight hexadecimal digits; -1 if it is none. */
  static long count(String text) {
    if (text.length() != 8) {
      return -1;
    }
    long count = 0;
    for (int i = 0; i < text.length(); i++) {
      final int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) > 'f') {
        return -1;
      }
      count = (count << 4) | digit;
    }
    return count;
  }
}
