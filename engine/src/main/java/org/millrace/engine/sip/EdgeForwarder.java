package org.millrace.engine.sip;

import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/**
 * Makes of a request what leaves: to a target of the core, or to a flow (B-26 to B-29, C.2 to C.4).
 * What no rule names stays byte for byte (C-15). One instance a router.
 */
final class EdgeForwarder {
  private static final byte[] FLOW_TOKEN = Octets.ascii(";eflow=");
  private static final byte[] RETURN_TOKEN = Octets.ascii(";eret=");
  private static final byte[] LOOP_MARK = Octets.ascii(";eloop=");
  private static final byte[] REQUIRE_PATH = Octets.ascii("Require: path\r\n");
  private static final byte[] PATH = Octets.ascii("path");
  private static final byte[] SIPS = Octets.ascii("sips:");

  private final Rewrite rewrite = new Rewrite();
  private final ViaStamp stamp = new ViaStamp();
  private final NameAddr contact = new NameAddr();
  private final FlowTokens tokens;
  private final ViaTokens viaTokens;
  private final AliasMode aliases;
  private final DroppedHeaders dropped;
  private final SizeRule sizeRule;
  private final UpstreamSet upstreams;
  private final FlowSender flowSender;
  private final CoreSender coreSender;
  private final TransactionQueue queue;
  private final SipCounters counters;
  private Target lastTarget;

  /**
   * @param queue to the thread that keeps transactions; null if no flow's policy has them.
   */
  EdgeForwarder(
      FlowTokens tokens,
      ViaTokens viaTokens,
      AliasMode aliases,
      DroppedHeaders dropped,
      SizeRule sizeRule,
      UpstreamSet upstreams,
      FlowSender flowSender,
      CoreSender coreSender,
      TransactionQueue queue,
      SipCounters counters) {
    this.tokens = tokens;
    this.viaTokens = viaTokens;
    this.aliases = aliases;
    this.dropped = dropped;
    this.sizeRule = sizeRule;
    this.upstreams = upstreams;
    this.flowSender = flowSender;
    this.coreSender = coreSender;
    this.queue = queue;
    this.counters = counters;
  }

  // ---- to the core ----

  /**
   * Sends the request of a client to the core. What is too long for a datagram goes to the target's
   * twin; what follows it there, as CANCEL does, comes back to UDP with it if that is refused.
   *
   * @param mark of {@link LoopMark}.
   * @param group that further targets come from, or null if the client has named the next hop.
   * @return one of {@link SendResult}.
   */
  int toCore(
      Flow from,
      SipMessage request,
      EdgeRoutes routes,
      byte[] mark,
      byte[] branch,
      Target target,
      String group) {
    final SipWriter text = makeForCore(from, request, routes, mark, branch, target.socket());
    final Target sized = sizeRule.forSize(target, text.length());
    if (sized == null) {
      return SendResult.TOO_LONG;
    }
    if (sized != target) {
      makeForCore(from, request, routes, mark, branch, sized.socket());
    }
    if (from.policy().hasTransactions()) {
      lastTarget = sized;
      return queue.request(from.id(), sized, group, text.buffer(), 0, text.length());
    }
    final int result = send(from, request, sized, text);
    final Target udp = sized == target ? upstreams.overUdp(target) : target;
    if (result != SendResult.NOT_OPEN || udp == null) {
      return result;
    }
    makeForCore(from, request, routes, mark, branch, udp.socket());
    return send(from, request, udp, text);
  }

  private int send(Flow from, SipMessage request, Target target, SipWriter text) {
    lastTarget = target;
    final boolean retransmit = from.policy().isRetransmitted(request.method());
    final int result = coreSender.send(target, text.buffer(), 0, text.length(), retransmit);
    if (SendResult.isAccepted(result)) {
      counters.increment(SipCounter.FORWARDED_REQUESTS);
    }
    return result;
  }

  /** Where {@link #toCore} has sent the last one: the target, or its twin. */
  Target lastTarget() {
    return lastTarget;
  }

  private SipWriter makeForCore(
      Flow from,
      SipMessage request,
      EdgeRoutes routes,
      byte[] mark,
      byte[] branch,
      CoreSocket socket) {
    rewrite.begin(request);
    rewrite
        .aboveVias()
        .put(socket.viaPrefix())
        .put(branch, 0, FlowTokens.BRANCH_LENGTH)
        .put(FLOW_TOKEN)
        .put(viaTokens.shown(from.token()))
        .put(LOOP_MARK)
        .put(mark)
        .put(Responder.CRLF);
    final EdgePolicy policy = from.policy();
    ViaStamp.client(rewrite.splice(), request, from, policy.addReceived());
    if (request.method() == SipMethod.REGISTER && hasToken(policy)) {
      path(from, request, routes, socket);
    } else if (isRecorded(request)) {
      recordToCore(from, request, routes, socket);
    }
    aliases.addToRequest(from, request, rewrite.splice());
    dropped.dropFromRequest(request, rewrite);
    assertIdentity(from, request);
    common(request, routes);
    return rewrite.apply();
  }

  /** Whether this side must stay in the path of what follows (C-36). */
  private static boolean isRecorded(SipMessage request) {
    return !request.to().hasTag() && SipMethod.formsDialog(request.method());
  }

  private void recordToCore(Flow from, SipMessage request, EdgeRoutes routes, CoreSocket socket) {
    final boolean secure = isSecure(request.text(), routes);
    final SipWriter text = rewrite.above(HeaderName.RECORD_ROUTE);
    final byte[] token = hasToken(from.policy()) ? from.token() : null;
    if (from.policy().singleRecordRoute()) {
      RouteLines.recordRoute(text, token, socket.routeUri(), secure);
    } else {
      RouteLines.recordRoute(text, null, socket.routeUri(), secure);
      RouteLines.recordRoute(text, token, from.listener().routeUri(), secure);
    }
  }

  /** Whether messages tell the core the flow's token; else its client is found by its alias. */
  private static boolean hasToken(EdgePolicy policy) {
    return policy.mode() != EdgePolicy.Mode.ALIAS;
  }

  /** RFC 3261 section 16.6, step 4. */
  private static boolean isSecure(byte[] buffer, EdgeRoutes routes) {
    return isSecure(buffer, routes.uriOffset(), routes.uriLength())
        || (routes.hasNext() && isSecure(buffer, routes.nextUriOffset(), routes.nextUriLength()));
  }

  private static boolean isSecure(byte[] buffer, int uriOffset, int uriLength) {
    return uriLength > SIPS.length
        && Octets.equalIgnoringCase(buffer, uriOffset, SIPS.length, SIPS);
  }

  /** C-20 to C-25. */
  private void path(Flow from, SipMessage request, EdgeRoutes routes, CoreSocket socket) {
    final EdgePolicy policy = from.policy();
    final boolean secure = isSecure(request.text(), routes);
    final boolean ob = Outbound.isFirstHop(request) && Outbound.hasRegId(request, contact);
    final SipWriter text = rewrite.above(HeaderName.PATH);
    RouteLines.path(text, from.token(), socket.routeUri(), secure, ob);
    if (policy.doublePath()) {
      RouteLines.path(text, from.token(), from.listener().routeUri(), secure, ob);
    }
    if (policy.requirePath() && !OptionTags.has(request, HeaderName.REQUIRE, PATH)) {
      text.put(REQUIRE_PATH);
    }
  }

  /** What clients say of themselves in it has been dropped; this is what the handshake said. */
  private void assertIdentity(Flow from, SipMessage request) {
    if (!from.policy().assertIdentity() || from.identity() == null) {
      return;
    }
    switch (request.method()) {
      case SipMethod.ACK, SipMethod.CANCEL, SipMethod.REGISTER -> {}
      default -> rewrite.atEnd().put(from.identity().asserted());
    }
  }

  private void common(SipMessage request, EdgeRoutes routes) {
    routes.edit(request, rewrite);
    rewrite.hops();
    rewrite.contentLength();
  }

  // ---- to a flow ----

  /**
   * Sends the request of the core to a flow, as {@link #toCore}.
   *
   * @param byAlias whether it was found by the alias last read.
   */
  int toFlow(
      CoreHop hop,
      SipMessage request,
      EdgeRoutes routes,
      byte[] mark,
      byte[] branch,
      Flow to,
      boolean byAlias) {
    rewrite.begin(request);
    if (byAlias) {
      aliases.cut(rewrite.splice());
    }
    final byte[] token = tokens.returnToken(hop, branch, FlowTokens.BRANCH_LENGTH);
    pushVia(to, branch, token, mark);
    stamp.core(rewrite.splice(), request, hop);
    if (isRecorded(request)) {
      recordToFlow(request, routes, hop.socket(), to);
    }
    return send(request, routes, to);
  }

  /** Sends the request of a client to the flow of another, within their dialog (C-31). */
  int toFlow(
      Flow from, SipMessage request, EdgeRoutes routes, byte[] mark, byte[] branch, Flow to) {
    rewrite.begin(request);
    final boolean secure = from.info().secure();
    final byte[] token = tokens.returnToken(secure, from.id(), branch, FlowTokens.BRANCH_LENGTH);
    pushVia(to, branch, token, mark);
    ViaStamp.client(rewrite.splice(), request, from, false);
    dropped.dropFromRequest(request, rewrite);
    return send(request, routes, to);
  }

  private void pushVia(Flow to, byte[] branch, byte[] token, byte[] mark) {
    rewrite
        .aboveVias()
        .put(to.listener().viaPrefix())
        .put(branch, 0, FlowTokens.BRANCH_LENGTH)
        .put(RETURN_TOKEN)
        .put(viaTokens.shown(token))
        .put(LOOP_MARK)
        .put(mark)
        .put(Responder.CRLF);
  }

  private void recordToFlow(SipMessage request, EdgeRoutes routes, CoreSocket socket, Flow to) {
    final boolean secure = isSecure(request.text(), routes);
    final SipWriter text = rewrite.above(HeaderName.RECORD_ROUTE);
    final byte[] token = hasToken(to.policy()) ? to.token() : null;
    if (to.policy().singleRecordRoute()) {
      RouteLines.recordRoute(text, token, socket.routeUri(), secure);
    } else {
      RouteLines.recordRoute(text, token, to.listener().routeUri(), secure);
      RouteLines.recordRoute(text, null, socket.routeUri(), secure);
    }
  }

  private int send(SipMessage request, EdgeRoutes routes, Flow to) {
    common(request, routes);
    final SipWriter text = rewrite.apply();
    final int result = flowSender.send(to.id(), Connection.AUTO, text.buffer(), 0, text.length());
    if (SendResult.isAccepted(result)) {
      counters.increment(SipCounter.FORWARDED_REQUESTS);
    }
    return result;
  }
}
