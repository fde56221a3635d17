package org.millrace.engine.sip;

/**
 * Requests of the core: each goes to the flow whose token it carries (RFC 5626 section 5.3, C-29).
 * One instance a router.
 */
final class CoreRequests {
  private final SipUri requestUri = new SipUri();
  private final FlowTokens tokens;
  private final FlowFinder finder;
  private final AliasMode aliases;
  private final LoopMark loops;
  private final EdgeRoutes routes;
  private final EdgeAnswers answers;
  private final EdgeForwarder forwarder;
  private final SipCounters counters;

  CoreRequests(
      FlowTokens tokens,
      FlowFinder finder,
      AliasMode aliases,
      LoopMark loops,
      EdgeRoutes routes,
      EdgeAnswers answers,
      EdgeForwarder forwarder,
      SipCounters counters) {
    this.tokens = tokens;
    this.finder = finder;
    this.aliases = aliases;
    this.loops = loops;
    this.routes = routes;
    this.answers = answers;
    this.forwarder = forwarder;
    this.counters = counters;
  }

  void malformed(CoreHop hop, SipMessage request) {
    final ViaValue via = request.topVia();
    hop.sentByPort(via.isWellFormed() ? Math.max(0, via.port(request.text())) : 0);
    answers.to(hop);
    answers.malformed(request);
  }

  void request(CoreHop hop, SipMessage request) {
    hop.sentByPort(Math.max(0, request.topVia().port(request.text())));
    answers.to(hop);
    if (answers.absorbs(request)) {
      return;
    }
    final Status refusal = Admission.refusal(request, requestUri, false);
    if (refusal != null) {
      answers.refuseAdmission(request, refusal);
    } else if (!routes.read(request)) {
      answers.refuse(request, Status.BAD_REQUEST);
    } else {
      admitted(hop, request);
    }
  }

  private void admitted(CoreHop hop, SipMessage request) {
    final byte[] mark = loops.of(request, routes.values());
    if (loops.isLoop(request)) {
      counters.increment(SipCounter.LOOPS);
      answers.refuse(request, Status.LOOP_DETECTED);
    } else if (!routes.strip(request, requestUri)) {
      counters.increment(SipCounter.FORGED_TOKENS);
      answers.refuse(request, Status.FORBIDDEN);
    } else if (routes.flow() != null) {
      toFlow(hop, request, mark, routes.flow());
    } else {
      withoutFlow(hop, request, mark);
    }
  }

  /** No Route value leads to a flow that is open: an alias may, or what the Request-URI says. */
  private void withoutFlow(CoreHop hop, SipMessage request, byte[] mark) {
    final boolean mayBeAlias = routes.isUriReceived(request);
    final Status astray = mayBeAlias ? aliases.read(request) : null;
    if (mayBeAlias && aliases.flow() != null) {
      byAlias(hop, request, mark);
    } else if (routes.verdict() != null) {
      toFlow(hop, request, mark, null);
    } else if (astray != null) {
      counters.increment(
          astray == Status.FLOW_FAILED ? SipCounter.FAILED_FLOWS : SipCounter.STRAY_ALIASES);
      answers.refuse(request, astray);
    } else {
      byUri(hop, request, mark);
    }
  }

  private void byAlias(CoreHop hop, SipMessage request, byte[] mark) {
    final byte[] branch = tokens.branch(request, request.topVia());
    final int result = forwarder.toFlow(hop, request, routes, mark, branch, aliases.flow(), true);
    answers.unsent(request, result, Status.TEMPORARILY_UNAVAILABLE, SipCounter.FAILED_FLOWS);
  }

  private void toFlow(CoreHop hop, SipMessage request, byte[] mark, Flow to) {
    if (to == null) {
      counters.increment(SipCounter.FAILED_FLOWS);
      answers.refuse(request, Status.FLOW_FAILED);
      return;
    }
    final byte[] branch = tokens.branch(request, request.topVia());
    final int result = forwarder.toFlow(hop, request, routes, mark, branch, to, false);
    answers.unsent(request, result, Status.FLOW_FAILED, SipCounter.FAILED_FLOWS);
  }

  /** No Route value has a token; the Request-URI may, or be about this side itself. */
  private void byUri(CoreHop hop, SipMessage request, byte[] mark) {
    final FlowFinder.Verdict verdict =
        requestUri.isSip() && requestUri.hasUser()
            ? finder.find(request.text(), requestUri.userOffset(), requestUri.userLength())
            : FlowFinder.Verdict.NOT_OURS;
    if (verdict != FlowFinder.Verdict.NOT_OURS) {
      toFlow(hop, request, mark, finder.flow());
    } else if (request.method() == SipMethod.OPTIONS && routes.isSelf(request, requestUri)) {
      answers.capabilities(request);
    } else {
      counters.increment(SipCounter.UNROUTED_REQUESTS);
      answers.refuse(request, Status.NOT_FOUND);
    }
  }
}
