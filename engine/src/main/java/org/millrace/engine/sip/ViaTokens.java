package org.millrace.engine.sip;

import org.agrona.concurrent.NanoClock;

/**
 * What our Via shows of a token: all of it, or with {@link ViaKeys} only a key (C-44). One instance
 * a router.
 */
final class ViaTokens {
  private final byte[] key = new byte[ViaKeys.KEY_LENGTH];
  private final byte[] found = new byte[ViaKeys.MAX_LENGTH];
  private final ViaKeys keys;
  private final NanoClock clock;
  private byte[] text = found;
  private int offset;
  private int length;

  /**
   * @param keys shared by all routers; null if tokens are shown whole.
   */
  ViaTokens(ViaKeys keys, NanoClock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** What stands for a token; valid until the next one. Without room for it that is the token. */
  byte[] shown(byte[] token) {
    if (keys == null || !keys.store(token, token.length, clock.nanoTime())) {
      return token;
    }
    System.arraycopy(token, token.length - key.length, key, 0, key.length);
    return key;
  }

  /** Finds what was {@link #shown}, perhaps nothing. Valid until the next one. */
  void read(byte[] buffer, int from, int count) {
    if (keys != null && count == ViaKeys.KEY_LENGTH) {
      text = found;
      offset = 0;
      length = keys.find(buffer, from, found);
    } else {
      text = buffer;
      offset = from;
      length = count;
    }
  }

  /** The flow whose token a Via of ours has, as {@link FlowFinder#find} has it. */
  FlowFinder.Verdict findFlow(FlowFinder finder, byte[] buffer, ViaValue via) {
    if (via.flowTokenLength() < 0) {
      return FlowFinder.Verdict.NOT_OURS;
    }
    read(buffer, via.flowTokenOffset(), via.flowTokenLength());
    return finder.find(text, offset, length);
  }

  byte[] text() {
    return text;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }
}
