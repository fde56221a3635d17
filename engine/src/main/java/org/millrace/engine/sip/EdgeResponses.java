package org.millrace.engine.sip;

import java.util.function.IntSupplier;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/**
 * Responses, which go by what our own Via says and by nothing else (C-16, C-40, C-41): those of the
 * core to the flow of its {@code eflow}, those of clients where its {@code eret} says. None is ever
 * made in reaction to one. One instance a router.
 */
final class EdgeResponses {
  private static final byte[] OUTBOUND = Octets.ascii("outbound");
  private static final byte[] FLOW_TIMER = Octets.ascii("Flow-Timer: ");

  private final Rewrite rewrite = new Rewrite();
  private final CoreHop returnHop = new CoreHop();
  private final IntSupplier provenPort = this::provenPort;
  private final FlowTokens tokens;
  private final ViaTokens viaTokens;
  private final FlowFinder finder;
  private final AliasMode aliases;
  private final OwnNames names;
  private final DroppedHeaders dropped;
  private final boolean verifyBranch;
  private final OwnResponses ownResponses;
  private final FlowSender flowSender;
  private final CoreSender coreSender;
  private final TransactionQueue queue;
  private final SipCounters counters;
  private SipMessage atHand;

  /**
   * @param queue to the thread that keeps transactions; null if no flow's policy has them.
   */
  EdgeResponses(
      EdgeProxyContext context,
      FlowTokens tokens,
      ViaTokens viaTokens,
      FlowFinder finder,
      AliasMode aliases,
      OwnNames names,
      DroppedHeaders dropped,
      FlowSender flowSender,
      CoreSender coreSender,
      TransactionQueue queue,
      SipCounters counters) {
    this.tokens = tokens;
    this.viaTokens = viaTokens;
    this.finder = finder;
    this.aliases = aliases;
    this.names = names;
    this.dropped = dropped;
    this.flowSender = flowSender;
    this.coreSender = coreSender;
    this.queue = queue;
    this.counters = counters;
    verifyBranch = context.verifyBranch();
    ownResponses = context.ownResponses();
  }

  private void drop(SipCounter counter) {
    counters.increment(counter);
  }

  // ---- of the core ----

  void fromCore(CoreHop hop, SipMessage response) {
    final byte[] buffer = response.text();
    final ViaValue via = response.topVia();
    if (!names.isSocket(buffer, via)) {
      drop(SipCounter.FOREIGN_RESPONSES);
    } else if (via.flowTokenLength() < 0) {
      toThisSide(hop, response);
    } else {
      toFlow(response, via);
    }
  }

  private void toThisSide(CoreHop hop, SipMessage response) {
    final int offset = response.offset();
    if (!ownResponses.onResponse(hop, response.view(), offset, response.end() - offset)) {
      drop(SipCounter.FOREIGN_RESPONSES);
    }
  }

  private void toFlow(SipMessage response, ViaValue via) {
    final ViaValue next = rewrite.nextVia(response);
    final FlowFinder.Verdict verdict = viaTokens.findFlow(finder, response.text(), via);
    if (next == null
        || verdict == FlowFinder.Verdict.NOT_OURS
        || (verifyBranch && !tokens.isBranchOf(response, via, next))) {
      drop(SipCounter.FOREIGN_RESPONSES);
    } else if (!toTransaction(verdict, response)) {
      toFlow(finder.flow(), response);
    }
  }

  /** If there is no room it goes on by itself: an answer is better than order. */
  private boolean toTransaction(FlowFinder.Verdict verdict, SipMessage response) {
    if (queue == null || !queue.mayConcern(verdict, finder.flow())) {
      return false;
    }
    final int offset = response.offset();
    final int result = queue.response(response.view(), offset, response.end() - offset);
    if (result != SendResult.SENT) {
      counters.increment(SipCounter.UNTRACKED_RESPONSES);
    }
    return result == SendResult.SENT;
  }

  /** Passes a response on that has come by here before, and whose transaction lets it pass. */
  void pass(SipMessage response) {
    final ViaValue via = response.topVia();
    viaTokens.findFlow(finder, response.text(), via);
    if (rewrite.nextVia(response) != null) {
      toFlow(finder.flow(), response);
    }
  }

  /** Without the Via that {@link Rewrite#nextVia} was asked to look behind. */
  private void toFlow(Flow flow, SipMessage response) {
    if (flow == null) {
      drop(SipCounter.LATE_RESPONSES);
      return;
    }
    rewrite.begin(response).popVia();
    aliases.removeFromResponse(flow, response, rewrite.splice());
    flowTimer(response, flow.policy().flowTimerSeconds());
    rewrite.contentLength();
    sendTo(flow.id());
  }

  /** C-33. */
  private void flowTimer(SipMessage response, int seconds) {
    if (seconds > 0
        && response.method() == SipMethod.REGISTER
        && response.status() / 100 == 2
        && !response.has(HeaderName.FLOW_TIMER)
        && OptionTags.has(response, HeaderName.REQUIRE, OUTBOUND)) {
      rewrite.atEnd().put(FLOW_TIMER).putDecimal(seconds).put(Responder.CRLF);
    }
  }

  private void sendTo(long flowId) {
    final SipWriter text = rewrite.apply();
    sent(
        flowSender.send(flowId, Connection.AUTO, text.buffer(), 0, text.length()),
        SipCounter.LATE_RESPONSES);
  }

  private void sent(int result, SipCounter gone) {
    if (SendResult.isAccepted(result)) {
      counters.increment(SipCounter.FORWARDED_RESPONSES);
    } else {
      drop(result == SendResult.NOT_OPEN ? gone : SipCounter.UNDELIVERED_RESPONSES);
    }
  }

  // ---- of clients ----

  void fromClient(Flow flow, SipMessage response) {
    final ViaValue via = response.topVia();
    final ViaValue next = isOf(flow, response, via) ? rewrite.nextVia(response) : null;
    if (next == null) {
      drop(SipCounter.FOREIGN_RESPONSES);
      return;
    }
    viaTokens.read(response.text(), via.tokenOffset(), via.tokenLength());
    if (viaTokens.length() == FlowTokens.LENGTH) {
      toOtherFlow(flow, response, next);
    } else if (tokens.verifyReturn(viaTokens, response.text(), via, names, returnHop)) {
      toCore(flow, response);
    } else {
      drop(SipCounter.FOREIGN_RESPONSES);
    }
  }

  /** Whether the topmost Via is what requests to the flow get. */
  private static boolean isOf(Flow flow, SipMessage response, ViaValue via) {
    final byte[] buffer = response.text();
    return via.tokenLength() > 0
        && via.port(buffer) == flow.listener().port()
        && via.isHost(buffer, flow.listener().lowerHost());
  }

  /** To the other end of a dialog of two clients. */
  private void toOtherFlow(Flow from, SipMessage response, ViaValue next) {
    final ViaValue via = response.topVia();
    final long id = tokens.verifyReturn(viaTokens, response.text(), via);
    if (id == FlowTokens.NOT_OURS || (verifyBranch && !tokens.isBranchOf(response, via, next))) {
      drop(SipCounter.FOREIGN_RESPONSES);
    } else if (id == FlowTokens.OTHER_NODE) {
      drop(SipCounter.LATE_RESPONSES);
    } else {
      popVia(from, response);
      sendTo(id);
    }
  }

  /**
   * The token covers the branch, so the transaction is the right one whatever the rest says. Only
   * if the next Via is as it was does its port tell where a new connection may go (C-43).
   */
  private void toCore(Flow from, SipMessage response) {
    if (returnHop.connectionId() != 0) {
      atHand = response;
      returnHop.sentByPort(provenPort);
    }
    popVia(from, response);
    final SipWriter text = rewrite.apply();
    sent(
        coreSender.reply(returnHop, text.buffer(), 0, text.length()),
        SipCounter.UNDELIVERED_RESPONSES);
  }

  private int provenPort() {
    final ViaValue next = rewrite.nextVia(atHand);
    return next != null && tokens.isBranchOf(atHand, atHand.topVia(), next)
        ? Math.max(0, next.port(atHand.text()))
        : 0;
  }

  private void popVia(Flow from, SipMessage response) {
    rewrite.begin(response).popVia();
    aliases.addToResponse(from, response, rewrite.splice());
    dropped.dropFromResponse(response, rewrite);
    rewrite.contentLength();
  }
}
