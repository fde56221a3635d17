package org.millrace.engine.sip;

/** Finds the flow that a token names (C-29). One instance a router. */
final class FlowFinder {
  /** What has become of the flow that a text names. */
  enum Verdict {
    /** It is there, and the token is its own. */
    OPEN,
    /** The token is ours, and its flow has gone. */
    GONE,
    /** The token was made by another node with the same keys. */
    OTHER_NODE,
    /** No token of ours. */
    NOT_OURS
  }

  private final FlowTable.Id probe = FlowTable.probe();
  private final FlowTokens tokens;
  private final FlowTable flows;
  private Flow flow;

  FlowFinder(FlowTokens tokens, FlowTable flows) {
    this.tokens = tokens;
    this.flows = flows;
  }

  /**
   * Looks for it. The token of a flow that is open is compared with the one that it was given; only
   * when there is none is it computed whether it had been made here.
   */
  Verdict find(byte[] buffer, int offset, int length) {
    flow = null;
    final long claimed = tokens.claimed(buffer, offset, length);
    if (claimed == FlowTokens.NOT_OURS) {
      return Verdict.NOT_OURS;
    }
    final Flow found = flows.get(claimed, probe);
    if (found != null && isSame(buffer, offset, found.token())) {
      flow = found;
      return Verdict.OPEN;
    }
    final long id = tokens.verifyFlow(buffer, offset, length);
    if (id == FlowTokens.NOT_OURS) {
      return Verdict.NOT_OURS;
    }
    if (id == FlowTokens.OTHER_NODE) {
      return Verdict.OTHER_NODE;
    }
    flow = found;
    return found == null ? Verdict.GONE : Verdict.OPEN;
  }

  /** Looks at all of it, so that time tells nothing. */
  private static boolean isSame(byte[] buffer, int offset, byte[] token) {
    int difference = 0;
    for (int i = 0; i < token.length; i++) {
      difference |= buffer[offset + i] ^ token[i];
    }
    return difference == 0;
  }

  /** The flow with that id, or null. */
  Flow byId(long connectionId) {
    return flows.get(connectionId, probe);
  }

  /** The flow last found {@link Verdict#OPEN}, else null. */
  Flow flow() {
    return flow;
  }
}
