package org.millrace.engine.sip;

/**
 * Makes and verifies what lets this side find its way back without a table: flow tokens (RFC 5626
 * section 5.2, C-27), branches (C-12) and return tokens (C-41). One instance a shard.
 *
 * <pre>
 * flow token   = base64url(header, HMAC(flow key, "flow1" header)[0..15])
 *   header       1 byte 0x10 | key id, 1 byte kind (5 ws, 6 wss), 4 bytes node, 8 bytes connection
 * return token = base64url(header, HMAC(flow key, "ret1" header branch)[0..15])
 *   to a flow:   header as above with 0x20 | key id
 *   to the core: 1 byte 0x20 | key id, 1 byte transport (bit 7: IPv6), 2 bytes socket, 4 or 16
 *                bytes address, 2 bytes port, 8 bytes connection
 * branch       = z9hG4bKe1. base64url(HMAC(branch key, fields)[0..11])
 *   fields       received branch, sent-by in lower case, Call-ID, CSeq number, From tag,
 *                each behind its length in 4 bytes; without the cookie in the received branch
 *                (RFC 2543) also the Request-URI and the whole Via
 * </pre>
 *
 * <p>Return tokens of the two kinds differ in length. One cannot be passed off as the other by
 * moving bytes between header and branch, because a branch must begin with the mark.
 */
final class FlowTokens {
  /** Characters of a flow token, and of a return token to a flow. */
  static final int LENGTH = 40;

  static final long NOT_OURS = -1;
  static final long OTHER_NODE = -2;

  /** Characters of a branch without a fork's suffix. */
  static final int BRANCH_LENGTH = 26;

  /** Characters of a To tag. */
  static final int TAG_LENGTH = 12;

  private static final byte[] COOKIE = Octets.ascii("z9hG4bK");
  private static final byte[] MARK = Octets.ascii("z9hG4bKe1.");
  private static final byte[] FLOW_LABEL = Octets.ascii("flow1");
  private static final byte[] RETURN_LABEL = Octets.ascii("ret1");
  private static final byte[] TAG_LABEL = Octets.ascii("tag1");
  private static final byte[] COLON = {':'};
  private static final int FLOW = 0x10;
  private static final int RETURN = 0x20;
  private static final int KEY_ID = 0x0F;
  private static final int IPV6 = 0x80;
  private static final int HEADER = 14;
  private static final int HOP_HEADER = 14; // without the address
  private static final int MAC = 16;

  /** Characters with all of a flow token's header. */
  private static final int CLAIM = 20;

  private static final int BRANCH_BYTES = 12;
  private static final int TAG_BYTES = TAG_LENGTH / 4 * 3;

  private final int keyId;
  private final int node;
  private final HmacSha256[] flowMacs = new HmacSha256[TokenKeys.ID_LIMIT];
  private final HmacSha256 branchMac;
  private final byte[] raw = new byte[HOP_HEADER + 16 + MAC];
  private final byte[] text = new byte[LENGTH];
  private final byte[] hop4Text = new byte[Base64Url.lengthOf(HOP_HEADER + 4 + MAC)];
  private final byte[] hop6Text = new byte[Base64Url.lengthOf(HOP_HEADER + 16 + MAC)];
  private final byte[] branch = new byte[BRANCH_LENGTH];
  private final byte[] tag = new byte[TAG_LENGTH];

  FlowTokens(TokenKeys keys) {
    keyId = keys.current();
    node = keys.node();
    keys.flowKeys().forEach((id, key) -> flowMacs[id] = new HmacSha256(key));
    branchMac = new HmacSha256(keys.branchKey());
    System.arraycopy(MARK, 0, branch, 0, MARK.length);
  }

  private static int kind(boolean secure) {
    return secure ? 6 : 5;
  }

  // ---- making ----

  /** The token of a flow, a new array. */
  byte[] flowToken(boolean secure, long connectionId) {
    header(FLOW, kind(secure), connectionId);
    seal(HEADER, mac(keyId, FLOW_LABEL, HEADER).end(), text);
    return text.clone();
  }

  /** The token for the Via of a request with {@code branch}; valid until the next one. */
  byte[] returnToken(boolean secure, long connectionId, byte[] newBranch, int length) {
    header(RETURN, kind(secure), connectionId);
    seal(HEADER, mac(keyId, RETURN_LABEL, HEADER).update(newBranch, 0, length).end(), text);
    return text;
  }

  /** As the other one, for a request of the core. */
  byte[] returnToken(CoreHop hop, byte[] newBranch, int length) {
    final int header = HOP_HEADER + hop.addressLength();
    final boolean v4 = hop.addressLength() == 4;
    raw[0] = (byte) (RETURN | keyId);
    raw[1] = (byte) (hop.socket().transport().number() | (v4 ? 0 : IPV6));
    put(2, 2, hop.socket().id());
    System.arraycopy(hop.address(), 0, raw, 4, hop.addressLength());
    put(header - 10, 2, hop.port());
    put(header - 8, 8, hop.connectionId());
    final byte[] result = v4 ? hop4Text : hop6Text;
    seal(header, mac(keyId, RETURN_LABEL, header).update(newBranch, 0, length).end(), result);
    return result;
  }

  private void header(int version, int kind, long connectionId) {
    raw[0] = (byte) (version | keyId);
    raw[1] = (byte) kind;
    put(2, 4, node);
    put(6, 8, connectionId);
  }

  private void put(int at, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      raw[at + i] = (byte) (value >>> (8 * (bytes - 1 - i)));
    }
  }

  private Sha256 mac(int key, byte[] label, int header) {
    return flowMacs[key].begin().update(label).update(raw, 0, header);
  }

  private void seal(int header, byte[] mac, byte[] result) {
    System.arraycopy(mac, 0, raw, header, MAC);
    Base64Url.encode(raw, header + MAC, result);
  }

  // ---- verifying ----

  /** The connection that a text names if it is a flow token at all, else {@link #NOT_OURS}. */
  long claimed(byte[] buffer, int offset, int length) {
    return length == LENGTH
            && Base64Url.decode(buffer, offset, CLAIM, raw)
            && isSealed(FLOW)
            && isKind(raw[1])
        ? number(6, 8)
        : NOT_OURS;
  }

  /**
   * Whose flow token it is.
   *
   * @return the id of the connection, {@link #NOT_OURS} or {@link #OTHER_NODE}.
   */
  long verifyFlow(byte[] buffer, int offset, int length) {
    if (!open(FLOW, buffer, offset, length)) {
      return NOT_OURS;
    }
    return connection(mac(raw[0] & KEY_ID, FLOW_LABEL, HEADER).end());
  }

  /** As {@link #verifyFlow}, for the return token to a flow, and the branch, of a Via. */
  long verifyReturn(byte[] buffer, ViaValue via) {
    return open(RETURN, buffer, via.tokenOffset(), via.tokenLength())
        ? opened(buffer, via)
        : NOT_OURS;
  }

  /** As the other one, with a token that the Via may only show a key of. */
  long verifyReturn(ViaTokens token, byte[] buffer, ViaValue via) {
    return open(RETURN, token.text(), token.offset(), token.length())
        ? opened(buffer, via)
        : NOT_OURS;
  }

  private long opened(byte[] buffer, ViaValue via) {
    return hasMark(buffer, via) ? connection(returnMac(HEADER, buffer, via)) : NOT_OURS;
  }

  /**
   * Reads the return token to the core in a Via.
   *
   * @param token of the Via.
   * @param sockets where to find the socket.
   * @param hop gets what the token holds.
   * @return whether it is one.
   */
  boolean verifyReturn(
      ViaTokens token, byte[] buffer, ViaValue via, OwnNames sockets, CoreHop hop) {
    final int length = token.length();
    final boolean v4 = length == hop4Text.length;
    if ((!v4 && length != hop6Text.length)
        || !hasMark(buffer, via)
        || !Base64Url.decode(token.text(), token.offset(), length, raw)
        || !isSealed(RETURN)
        || (raw[1] & IPV6) == 0 != v4) {
      return false;
    }
    final int address = v4 ? 4 : 16;
    final int header = HOP_HEADER + address;
    if (!isMac(header, returnMac(header, buffer, via))) {
      return false;
    }
    final CoreSocket socket = sockets.socket((int) number(2, 2));
    if (socket == null || socket.transport().number() != (raw[1] & ~IPV6 & 0xFF)) {
      return false; // of another configuration
    }
    hop.set(socket, raw, 4, address, (int) number(header - 10, 2), number(header - 8, 8));
    return true;
  }

  private byte[] returnMac(int header, byte[] buffer, ViaValue via) {
    return mac(raw[0] & KEY_ID, RETURN_LABEL, header)
        .update(buffer, via.branchOffset(), via.branchLength())
        .end();
  }

  /** Whether a Via has a branch that may be made here. */
  static boolean hasMark(byte[] buffer, ViaValue via) {
    return via.branchLength() >= BRANCH_LENGTH
        && Octets.equal(buffer, via.branchOffset(), MARK.length, MARK);
  }

  private boolean open(int version, byte[] buffer, int offset, int length) {
    return length == LENGTH
        && Base64Url.decode(buffer, offset, length, raw)
        && isSealed(version)
        && isKind(raw[1]);
  }

  private static boolean isKind(byte kind) {
    return kind == kind(false) || kind == kind(true);
  }

  private boolean isSealed(int version) {
    return (raw[0] & ~KEY_ID) == version && flowMacs[raw[0] & KEY_ID] != null;
  }

  private long connection(byte[] mac) {
    if (!isMac(HEADER, mac)) {
      return NOT_OURS;
    }
    return number(2, 4) == (node & 0xFFFF_FFFFL) ? number(6, 8) : OTHER_NODE;
  }

  private boolean isMac(int header, byte[] mac) {
    int difference = 0;
    for (int i = 0; i < MAC; i++) {
      difference |= raw[header + i] ^ mac[i]; // all of them, so that time tells nothing
    }
    return difference == 0;
  }

  private long number(int at, int bytes) {
    long value = 0;
    for (int i = at; i < at + bytes; i++) {
      value = (value << 8) | (raw[i] & 0xFF);
    }
    return value;
  }

  // ---- branches and tags ----

  /**
   * The branch for a message that has {@code via} as the topmost Via of another: equal for a
   * request, its CANCEL, the ACK of its failure and its responses. Valid until the next one.
   */
  byte[] branch(SipMessage message, ViaValue via) {
    final byte[] mac = transaction(branchMac.begin(), message, via).end();
    System.arraycopy(mac, 0, raw, 0, BRANCH_BYTES);
    Base64Url.encode(raw, BRANCH_BYTES, text);
    System.arraycopy(text, 0, branch, MARK.length, BRANCH_BYTES / 3 * 4);
    return branch;
  }

  /**
   * Whether the branch in our Via of a response is what the rest of the response says that it was
   * (C-40). Always true if the request was of RFC 2543: its branch depended on what a response does
   * not tell.
   *
   * @param via ours, topmost.
   * @param next the one below it.
   */
  boolean isBranchOf(SipMessage response, ViaValue via, ViaValue next) {
    final byte[] buffer = response.text();
    return via.branchLength() >= BRANCH_LENGTH
        && (!hasCookie(buffer, next)
            || Octets.equal(buffer, via.branchOffset(), BRANCH_LENGTH, branch(response, next)));
  }

  /** The To tag of answers made here: equal for a request and its retransmissions (C-3). */
  byte[] toTag(SipMessage message) {
    final byte[] mac =
        transaction(branchMac.begin().update(TAG_LABEL), message, message.topVia()).end();
    System.arraycopy(mac, 0, raw, 0, TAG_BYTES);
    Base64Url.encode(raw, TAG_BYTES, text);
    System.arraycopy(text, 0, tag, 0, tag.length);
    return tag;
  }

  private static Sha256 transaction(Sha256 mac, SipMessage message, ViaValue via) {
    final byte[] buffer = message.text();
    field(mac, buffer, via.branchOffset(), Math.max(0, via.branchLength()));
    if (via.portLength() > 0) {
      mac.updateInt(via.hostLength() + 1 + via.portLength())
          .updateLower(buffer, via.hostOffset(), via.hostLength())
          .update(COLON)
          .update(buffer, via.portOffset(), via.portLength());
    } else {
      mac.updateInt(via.hostLength()).updateLower(buffer, via.hostOffset(), via.hostLength());
    }
    final int callId = message.header(HeaderName.CALL_ID);
    final int callIdStart = callId < 0 ? 0 : message.valueStart(callId);
    field(mac, buffer, callIdStart, callId < 0 ? 0 : message.valueEnd(callId) - callIdStart);
    field(mac, buffer, message.cseqNumberOffset(), message.cseqNumberLength());
    field(mac, buffer, message.from().tagOffset(), Math.max(0, message.from().tagLength()));
    if (message.isRequest() && via.isWellFormed() && !hasCookie(buffer, via)) {
      field(mac, buffer, message.uriOffset(), message.uriLength());
      field(mac, buffer, via.start(), via.end() - via.start());
    }
    return mac;
  }

  /** Whether the branch is unique, as RFC 3261 wants it (section 8.1.1.7). */
  private static boolean hasCookie(byte[] buffer, ViaValue via) {
    return via.branchLength() >= COOKIE.length
        && Octets.equal(buffer, via.branchOffset(), COOKIE.length, COOKIE);
  }

  private static Sha256 field(Sha256 mac, byte[] buffer, int offset, int length) {
    return mac.updateInt(length).update(buffer, offset, length);
  }
}
