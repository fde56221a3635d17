package org.millrace.engine.sip;

import java.util.Arrays;

/**
 * A contact of a user, reached over one connection (RFC 3261 section 10.3, RFC 5626 section 6).
 * Immutable: its arrays are not written after construction.
 */
final class Binding {
  static final Binding[] NONE = {};

  private final long connectionId;
  private final byte[] uri;
  private final byte[] contact;
  private final byte[] instance;
  private final long regId;
  private final byte[] callId;
  private final long cseq;
  private final long expiresAtNs;

  /**
   * @param uri the Request-URI of what is sent to it.
   * @param contact as in a Contact value, without its expiry.
   * @param instance its {@code +sip.instance}, quotes and all, or null.
   * @param regId its {@code reg-id}, or 0.
   */
  Binding(
      long connectionId,
      byte[] uri,
      byte[] contact,
      byte[] instance,
      long regId,
      byte[] callId,
      long cseq,
      long expiresAtNs) {
    this.connectionId = connectionId;
    this.uri = uri;
    this.contact = contact;
    this.instance = instance;
    this.regId = regId;
    this.callId = callId;
    this.cseq = cseq;
    this.expiresAtNs = expiresAtNs;
  }

  long connectionId() {
    return connectionId;
  }

  byte[] uri() {
    return uri;
  }

  byte[] contact() {
    return contact;
  }

  long expiresAtNs() {
    return expiresAtNs;
  }

  boolean isExpired(long nowNs) {
    return expiresAtNs - nowNs <= 0;
  }

  /** Rounded up, so that a client told so never believes in a binding that has gone. */
  long remainingSeconds(long nowNs) {
    return Math.max(0, (expiresAtNs - nowNs + 999_999_999L) / 1_000_000_000L);
  }

  private boolean isOutbound() {
    return instance != null && regId > 0;
  }

  /** Whether a new binding takes this one's place. */
  boolean isReplacedBy(Binding other) {
    if (isOutbound() && other.isOutbound()) {
      return regId == other.regId && Arrays.equals(instance, other.instance);
    }
    return Arrays.equals(uri, other.uri);
  }

  /** Whether a REGISTER came after the one that this is from, as far as that can be told. */
  boolean isOlderThan(byte[] otherCallId, long otherCseq) {
    return !Arrays.equals(callId, otherCallId) || otherCseq > cseq;
  }
}
