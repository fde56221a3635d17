package org.millrace.engine.sip;

import org.agrona.DirectBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.frame.Violation;

/**
 * The proxy as one thread has it: everything that is not shared, with the scratch space for one
 * message at a time, from either side.
 */
final class EdgeShard implements SipRouter, CoreReceiver {
  private final SipMessage message;
  private final FlowTable flows;
  private final OwnNames names;
  private final FlowTokens tokens;
  private final AliasMode aliases;
  private final ClientRequests clientRequests;
  private final CoreRequests coreRequests;
  private final EdgeResponses responses;
  private final StreamRefusal streamRefusal;
  private final SipCounters counters;

  /**
   * @param queue to the thread that keeps transactions; null if no flow's policy has them.
   */
  EdgeShard(
      EdgeProxyContext context,
      FlowTable flows,
      OwnNames names,
      AliasTable aliasTable,
      UpstreamSet upstreams,
      FlowSender flowSender,
      CoreSender coreSender,
      SipMessage message,
      ViaKeys viaKeys,
      TransactionQueue queue,
      SipCounters counters) {
    this.message = message;
    this.flows = flows;
    this.names = names;
    this.counters = counters;
    final TokenKeys keys = context.tokenKeys();
    tokens = new FlowTokens(keys);
    final FlowFinder finder = new FlowFinder(tokens, flows);
    aliases = new AliasMode(aliasTable, keys, finder);
    final ViaTokens viaTokens = new ViaTokens(viaKeys, context.nanoClock());
    final DroppedHeaders dropped = new DroppedHeaders(context.droppedHeaders());
    final LoopMark loops = new LoopMark(names);
    final EdgeRoutes routes = new EdgeRoutes(names, finder);
    final Responder responder = new Responder(tokens, flowSender, counters);
    streamRefusal = new StreamRefusal(message, responder, counters);
    final EdgeAnswers answers = new EdgeAnswers(responder, flowSender, coreSender, counters);
    final EdgeForwarder forwarder =
        new EdgeForwarder(
            tokens,
            viaTokens,
            aliases,
            dropped,
            context.sizeRule(),
            upstreams,
            flowSender,
            coreSender,
            queue,
            counters);
    clientRequests =
        new ClientRequests(
            tokens, loops, routes, answers, forwarder, upstreams, context.nanoClock(), counters);
    coreRequests =
        new CoreRequests(tokens, finder, aliases, loops, routes, answers, forwarder, counters);
    responses =
        new EdgeResponses(
            context,
            tokens,
            viaTokens,
            finder,
            aliases,
            names,
            dropped,
            flowSender,
            coreSender,
            queue,
            counters);
  }

  // ---- clients ----

  @Override
  public SipMessage message() {
    return message;
  }

  @Override
  public Flow opened(long connectionId, FlowInfo info, EdgePolicy policy) {
    final FlowAddress address = aliases.opened(info, connectionId, policy);
    final Flow flow = new Flow(connectionId, info, policy, names.listener(info), address, tokens);
    flows.put(flow);
    return flow;
  }

  @Override
  public void closed(Flow flow) {
    flows.remove(flow);
    aliases.closed(flow);
  }

  @Override
  public void request(Flow flow, SipMessage request) {
    clientRequests.request(flow, request);
  }

  @Override
  public void malformed(Flow flow, SipMessage request) {
    clientRequests.malformed(flow, request);
  }

  @Override
  public void response(Flow flow, SipMessage response) {
    responses.fromClient(flow, response);
  }

  // ---- the core ----

  @Override
  public void onMessage(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    final SipDefect defect = message.parse(buffer, offset, length);
    if (defect == SipDefect.NOT_SIP) {
      counters.increment(SipCounter.CORE_BAD_MESSAGES);
    } else if (message.isRequest()) {
      counters.increment(SipCounter.CORE_REQUESTS);
      coreRequest(hop, defect);
    } else {
      counters.increment(SipCounter.CORE_RESPONSES);
      if (defect == SipDefect.NONE) {
        responses.fromCore(hop, message);
      } else {
        counters.increment(SipCounter.MALFORMED_RESPONSES);
      }
    }
  }

  /** As {@link EdgeResponses#pass}. */
  void pass(SipMessage response) {
    responses.pass(response);
  }

  /** A stream of the core's ends because of what has come of a message. */
  void onMalformed(
      Connection connection, Violation violation, DirectBuffer buffer, int offset, int length) {
    streamRefusal.answer(connection, violation, buffer, offset, length);
  }

  private void coreRequest(CoreHop hop, SipDefect defect) {
    if (defect == SipDefect.NONE) {
      coreRequests.request(hop, message);
      return;
    }
    counters.increment(SipCounter.MALFORMED_REQUESTS);
    if (message.isAnswerable()) {
      coreRequests.malformed(hop, message);
    }
  }
}
