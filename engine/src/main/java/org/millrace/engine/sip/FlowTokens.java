package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/**
 * Makes and verifies what lets this side find its way back without a table: flow tokens (RFC 5626
 * section 5.2, C-27), branches (C-12) and return tokens (C-41). One instance a shard.
 *
 * <pre>
 * flow token   = base64url(header, HMAC(flow key, "flow1" header)[0..15])
 *   header       1 byte 0x10 | key id, 1 byte kind (5 ws, 6 wss), 4 bytes node, 8 bytes connection
 * return token = base64url(header, HMAC(flow key, "ret1" header branch)[0..15])
 *   header       as above with 0x20 | key id
 * branch       = z9hG4bKe1. base64url(HMAC(branch key, fields)[0..11])
 *   fields       received branch, sent-by in lower case, Call-ID, CSeq number, From tag,
 *                each behind its length in 4 bytes
 * </pre>
 */
final class FlowTokens {
  /** Characters of a token. */
  static final int LENGTH = 40;

  static final long NOT_OURS = -1;
  static final long OTHER_NODE = -2;

  /** Characters of a branch without a fork's suffix. */
  static final int BRANCH_LENGTH = 26;

  private static final byte[] MARK = Octets.ascii("z9hG4bKe1.");
  private static final byte[] FLOW_LABEL = Octets.ascii("flow1");
  private static final byte[] RETURN_LABEL = Octets.ascii("ret1");
  private static final byte[] TAG_LABEL = Octets.ascii("tag1");
  private static final byte[] COLON = {':'};
  private static final int FLOW = 0x10;
  private static final int RETURN = 0x20;
  private static final int HEADER = 14;
  private static final int MAC = 16;
  private static final int BRANCH_BYTES = 12;
  private static final int TAG_BYTES = 9;

  private final int keyId;
  private final int node;
  private final HmacSha256 flowMac;
  private final HmacSha256 branchMac;
  private final byte[] raw = new byte[HEADER + MAC];
  private final byte[] text = new byte[LENGTH];
  private final byte[] branch = new byte[BRANCH_LENGTH];
  private final byte[] tag = new byte[TAG_BYTES / 3 * 4];

  FlowTokens(EmbeddedCoreContext context) {
    keyId = context.flowKeyId();
    node = context.node();
    flowMac = new HmacSha256(context.flowKey());
    branchMac = new HmacSha256(context.branchKey());
    System.arraycopy(MARK, 0, branch, 0, MARK.length);
  }

  private static int kind(boolean secure) {
    return secure ? 6 : 5;
  }

  /** The token of a flow, a new array. */
  byte[] flowToken(boolean secure, long connectionId) {
    header(FLOW, kind(secure), connectionId);
    seal(flowMac.begin().update(FLOW_LABEL).update(raw, 0, HEADER).end());
    return text.clone();
  }

  /** The token for the Via of a request with {@code branch}; valid until the next one. */
  byte[] returnToken(boolean secure, long connectionId, byte[] newBranch, int length) {
    header(RETURN, kind(secure), connectionId);
    flowMac.begin().update(RETURN_LABEL).update(raw, 0, HEADER);
    seal(flowMac.update(newBranch, 0, length).end());
    return text;
  }

  private void header(int version, int kind, long connectionId) {
    raw[0] = (byte) (version | keyId);
    raw[1] = (byte) kind;
    for (int i = 0; i < 4; i++) {
      raw[2 + i] = (byte) (node >>> (24 - 8 * i));
    }
    for (int i = 0; i < 8; i++) {
      raw[6 + i] = (byte) (connectionId >>> (56 - 8 * i));
    }
  }

  private void seal(byte[] mac) {
    System.arraycopy(mac, 0, raw, HEADER, MAC);
    Base64Url.encode(raw, raw.length, text);
  }

  /**
   * Whose flow token it is.
   *
   * @return the id of the connection, {@link #NOT_OURS} or {@link #OTHER_NODE}.
   */
  long verifyFlow(DirectBuffer buffer, int offset, int length) {
    if (!open(FLOW, buffer, offset, length)) {
      return NOT_OURS;
    }
    return connection(flowMac.begin().update(FLOW_LABEL).update(raw, 0, HEADER).end());
  }

  /** As {@link #verifyFlow}, for the return token and the branch of a Via. */
  long verifyReturn(DirectBuffer buffer, ViaValue via) {
    if (!open(RETURN, buffer, via.tokenOffset(), via.tokenLength()) || via.branchLength() < 0) {
      return NOT_OURS;
    }
    flowMac.begin().update(RETURN_LABEL).update(raw, 0, HEADER);
    return connection(flowMac.update(buffer, via.branchOffset(), via.branchLength()).end());
  }

  private boolean open(int version, DirectBuffer buffer, int offset, int length) {
    return length == LENGTH
        && Base64Url.decode(buffer, offset, length, raw)
        && raw[0] == (byte) (version | keyId)
        && (raw[1] == kind(false) || raw[1] == kind(true));
  }

  private long connection(byte[] mac) {
    int difference = 0;
    for (int i = 0; i < MAC; i++) {
      difference |= raw[HEADER + i] ^ mac[i]; // all of them, so that time tells nothing
    }
    if (difference != 0) {
      return NOT_OURS;
    }
    return number(2, 4) == (node & 0xFFFF_FFFFL) ? number(6, 8) : OTHER_NODE;
  }

  private long number(int at, int bytes) {
    long value = 0;
    for (int i = at; i < at + bytes; i++) {
      value = (value << 8) | (raw[i] & 0xFF);
    }
    return value;
  }

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

  /** The To tag of answers made here: equal for a request and its retransmissions (C-3). */
  byte[] toTag(SipMessage message) {
    final byte[] mac =
        transaction(branchMac.begin().update(TAG_LABEL), message, message.topVia()).end();
    System.arraycopy(mac, 0, raw, 0, TAG_BYTES);
    Base64Url.encode(raw, TAG_BYTES, text);
    System.arraycopy(text, 0, tag, 0, tag.length);
    return tag;
  }

  private static HmacSha256 transaction(HmacSha256 mac, SipMessage message, ViaValue via) {
    final DirectBuffer buffer = message.buffer();
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
    return field(mac, buffer, message.from().tagOffset(), Math.max(0, message.from().tagLength()));
  }

  private static HmacSha256 field(HmacSha256 mac, DirectBuffer buffer, int offset, int length) {
    return mac.updateInt(length).update(buffer, offset, length);
  }
}
