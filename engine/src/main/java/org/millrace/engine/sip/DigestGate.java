package org.millrace.engine.sip;

import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Challenges requests and checks their credentials (RFC 3261 section 22, RFC 7616, RFC 8760), qop
 * auth only. A nonce says when and as the how-manieth it was made, under a MAC, so that none needs
 * to be kept. One instance a shard.
 */
final class DigestGate {
  /** What credentials are worth. */
  enum Verdict {
    GOOD,
    /** None for this realm, or wrong ones. */
    MISSING,
    /** Right, but the nonce is too old or has been used so before. */
    STALE,
    /** Right, but somebody else's. */
    OTHER_USER,
    /** Not what the request is about. */
    MALFORMED
  }

  private static final int NONCE_HEADER = 8;
  private static final int NONCE_BYTES = 24;
  private static final int NONCE_LENGTH = NONCE_BYTES / 3 * 4;
  private static final byte[] NONCE_LABEL = Octets.ascii("nonce1");
  private static final byte[] AUTH = Octets.ascii("auth");
  private static final byte[] WWW = Octets.ascii("WWW-Authenticate: Digest realm=\"");
  private static final byte[] PROXY = Octets.ascii("Proxy-Authenticate: Digest realm=\"");
  private static final byte[] NONCE = Octets.ascii("\", nonce=\"");
  private static final byte[] ALGORITHM = Octets.ascii("\", algorithm=");
  private static final byte[] QOP = Octets.ascii(", qop=\"auth\"");
  private static final byte[] STALE = Octets.ascii(", stale=true");
  private static final byte COLON = ':';

  private final DigestCredentials credentials = new DigestCredentials();
  private final ByteKey user = ByteKey.probe();
  private final byte[] raw = new byte[NONCE_BYTES];
  private final byte[] nonce = new byte[NONCE_LENGTH];
  private final EmbeddedCoreContext context;
  private final byte[] realm;
  private final NonceUse nonceUse;
  private final HmacSha256 mac;
  private int header;

  DigestGate(EmbeddedCoreContext context, NonceUse nonceUse) {
    this.context = context;
    this.nonceUse = nonceUse;
    realm = Octets.ascii(context.realm());
    mac = new HmacSha256(context.branchKey());
  }

  // ---- challenge ----

  /** Puts one challenge for each algorithm. */
  void challenge(SipWriter answer, boolean proxy, boolean stale, long nowNs) {
    makeNonce(nowNs);
    for (final DigestAlgorithm algorithm : context.digestAlgorithms()) {
      answer.put(proxy ? PROXY : WWW).put(realm).put(NONCE).put(nonce).put(ALGORITHM);
      answer.put(Octets.ascii(algorithm.token())).put(QOP);
      if (stale) {
        answer.put(STALE);
      }
      answer.put(Responder.CRLF);
    }
  }

  private void makeNonce(long nowNs) {
    putInt(0, nonceUse.next());
    putInt(4, (int) TimeUnit.NANOSECONDS.toSeconds(nowNs));
    System.arraycopy(nonceMac(), 0, raw, NONCE_HEADER, NONCE_BYTES - NONCE_HEADER);
    Base64Url.encode(raw, NONCE_BYTES, nonce);
  }

  private byte[] nonceMac() {
    return mac.begin().update(NONCE_LABEL).update(raw, 0, NONCE_HEADER).end();
  }

  private void putInt(int at, int value) {
    for (int i = 0; i < 4; i++) {
      raw[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  private int getInt(int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = (value << 8) | (raw[i] & 0xFF);
    }
    return value;
  }

  // ---- check ----

  /**
   * Looks for credentials of this realm and checks them.
   *
   * @param address whose they must be: user@host.
   */
  Verdict check(SipMessage message, boolean proxy, ByteKey address, long nowNs) {
    final int id = proxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION;
    for (header = message.header(id); header >= 0; header = message.nextHeader(header)) {
      final int start = message.valueStart(header);
      if (credentials.parse(message.text(), start, message.valueEnd(header))
          && credentials.is(DigestCredentials.REALM, realm)) {
        return verdict(message, address, nowNs);
      }
    }
    return Verdict.MISSING;
  }

  /** The index of the header field that the last verdict is about. */
  int header() {
    return header;
  }

  private Verdict verdict(SipMessage message, ByteKey address, long nowNs) {
    final byte[] buffer = message.text();
    final int nc = nonceCount(buffer);
    if (nc <= 0
        || !credentials.isIgnoringCase(DigestCredentials.QOP, AUTH)
        || !credentials.has(DigestCredentials.CNONCE)
        || !isAbout(message)) {
      return Verdict.MALFORMED;
    }
    final int nameLength = credentials.length(DigestCredentials.USERNAME);
    final DigestAlgorithm algorithm = algorithm();
    if (nameLength <= 0
        || algorithm == null
        || !user.exactly(buffer, credentials.offset(DigestCredentials.USERNAME), nameLength)
        || !isRight(message, algorithm)) {
      return Verdict.MISSING;
    }
    if (!isNonceFresh(buffer, nowNs, nc)) {
      return Verdict.STALE;
    }
    return user.equals(address) || user.isUserOf(address) ? Verdict.GOOD : Verdict.OTHER_USER;
  }

  /** 8 hexadecimal digits; -1 for anything else. */
  private int nonceCount(byte[] buffer) {
    if (credentials.length(DigestCredentials.NC) != 8) {
      return -1;
    }
    int count = 0;
    for (int i = 0; i < 8; i++) {
      final int digit = Octets.hex(buffer[credentials.offset(DigestCredentials.NC) + i]);
      if (digit < 0) {
        return -1;
      }
      count = (count << 4) | digit;
    }
    return count;
  }

  /** Whether the digest URI is the Request-URI (RFC 7616 section 3.4.6). */
  private boolean isAbout(SipMessage message) {
    final byte[] uri =
        Octets.copy(message.text(), message.uriOffset(), message.uriOffset() + message.uriLength());
    return credentials.is(DigestCredentials.URI, uri);
  }

  private DigestAlgorithm algorithm() {
    for (final DigestAlgorithm algorithm : context.digestAlgorithms()) {
      if (credentials.isIgnoringCase(DigestCredentials.ALGORITHM, algorithm.lowerToken())
          || (algorithm == DigestAlgorithm.MD5 && !credentials.has(DigestCredentials.ALGORITHM))) {
        return algorithm;
      }
    }
    return null;
  }

  private boolean isRight(SipMessage message, DigestAlgorithm algorithm) {
    final EnumMap<DigestAlgorithm, byte[]> hashes = context.hashes(user);
    final byte[] ha1 = hashes == null ? null : hashes.get(algorithm);
    if (ha1 == null || !credentials.has(DigestCredentials.RESPONSE)) {
      return false;
    }
    final MessageDigest digest = algorithm.digest();
    final byte[] buffer = message.text();
    digest.update(Octets.copy(buffer, message.offset(), message.offset() + message.methodLength()));
    digest.update(COLON);
    digest.update(credentials.copy(DigestCredentials.URI));
    final byte[] ha2 = hex(digest.digest());
    digest.update(ha1);
    for (int part :
        new int[] {
          DigestCredentials.NONCE,
          DigestCredentials.NC,
          DigestCredentials.CNONCE,
          DigestCredentials.QOP
        }) {
      digest.update(COLON);
      digest.update(credentials.has(part) ? credentials.copy(part) : new byte[0]);
    }
    digest.update(COLON);
    digest.update(ha2);
    return MessageDigest.isEqual(
        hex(digest.digest()), credentials.copy(DigestCredentials.RESPONSE));
  }

  private static byte[] hex(byte[] hash) {
    return Octets.ascii(HexFormat.of().formatHex(hash));
  }

  private boolean isNonceFresh(byte[] buffer, long nowNs, int nc) {
    final int offset = credentials.offset(DigestCredentials.NONCE);
    if (credentials.length(DigestCredentials.NONCE) != NONCE_LENGTH
        || !Base64Url.decode(buffer, offset, NONCE_LENGTH, raw)) {
      return false;
    }
    final byte[] expected = nonceMac();
    int difference = 0;
    for (int i = 0; i < NONCE_BYTES - NONCE_HEADER; i++) {
      difference |= raw[NONCE_HEADER + i] ^ expected[i];
    }
    final int age = (int) TimeUnit.NANOSECONDS.toSeconds(nowNs) - getInt(4);
    return difference == 0
        && age <= context.nonceLifetime().toSeconds()
        && nonceUse.use(getInt(0), nc);
  }
}
