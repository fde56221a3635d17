package org.millrace.engine.sip;

import org.agrona.concurrent.NanoClock;
import org.millrace.engine.connection.SendResult;

/**
 * Requests of clients: the checks of C-1 in their order, then to the core, or within a dialog of
 * two clients to the other one. One instance a router.
 */
final class ClientRequests {
  private static final byte[] PATH = Octets.ascii("path");

  private final SipUri requestUri = new SipUri();
  private final IdentityCheck identities = new IdentityCheck();
  private final TargetChoice choice = new TargetChoice(TargetChoice.DEFAULT_MEMORY);
  private final FlowTokens tokens;
  private final LoopMark loops;
  private final EdgeRoutes routes;
  private final EdgeAnswers answers;
  private final EdgeForwarder forwarder;
  private final UpstreamSet upstreams;
  private final NanoClock clock;
  private final SipCounters counters;

  ClientRequests(
      FlowTokens tokens,
      LoopMark loops,
      EdgeRoutes routes,
      EdgeAnswers answers,
      EdgeForwarder forwarder,
      UpstreamSet upstreams,
      NanoClock clock,
      SipCounters counters) {
    this.tokens = tokens;
    this.loops = loops;
    this.routes = routes;
    this.answers = answers;
    this.forwarder = forwarder;
    this.upstreams = upstreams;
    this.clock = clock;
    this.counters = counters;
  }

  void malformed(Flow flow, SipMessage request) {
    answers.to(flow);
    answers.malformed(request);
  }

  void request(Flow flow, SipMessage request) {
    answers.to(flow);
    if (answers.absorbs(request)) {
      return;
    }
    final Status refusal = Admission.refusal(request, requestUri, false);
    if (refusal != null) {
      answers.refuseAdmission(request, refusal);
    } else if (!routes.read(request)) {
      answers.refuse(request, Status.BAD_REQUEST);
    } else {
      admitted(flow, request);
    }
  }

  private void admitted(Flow flow, SipMessage request) {
    final byte[] mark = loops.of(request, routes.values());
    if (loops.isLoop(request)) {
      counters.increment(SipCounter.LOOPS);
      answers.refuse(request, Status.LOOP_DETECTED);
      return;
    }
    final boolean genuine = routes.strip(request, requestUri);
    final boolean inDialog = isMember(flow) && request.to().hasTag();
    if (!identities.isRight(flow, request, inDialog)) {
      counters.increment(SipCounter.IDENTITY_REFUSALS);
      answers.refuse(request, Status.FORBIDDEN);
    } else if (flow.isTooFast()) {
      counters.increment(SipCounter.RATE_REFUSALS);
      answers.retryLater(request);
    } else if (!genuine) {
      counters.increment(SipCounter.FORGED_TOKENS);
      answers.refuse(request, Status.FORBIDDEN);
    } else if (lacksPath(flow, request)) {
      answers.requirePath(request);
    } else if (routes.hasNext() || !routes.endsWithToken() || routes.flow() == flow) {
      toCore(flow, request, mark);
    } else {
      toFlow(flow, request, mark);
    }
  }

  /** C-22. */
  private static boolean lacksPath(Flow flow, SipMessage request) {
    return request.method() == SipMethod.REGISTER
        && flow.policy().mode() != EdgePolicy.Mode.ALIAS
        && !flow.policy().forcePath()
        && !OptionTags.has(request, HeaderName.SUPPORTED, PATH);
  }

  // ---- to another client ----

  /** C-31: the token of another flow is good within a dialog only. */
  private void toFlow(Flow from, SipMessage request, byte[] mark) {
    final Flow to = routes.flow();
    if (!request.to().hasTag()) {
      counters.increment(SipCounter.STRAY_ROUTES);
      answers.refuse(request, Status.FORBIDDEN);
    } else if (to == null) {
      counters.increment(SipCounter.FAILED_FLOWS);
      answers.refuse(request, Status.FLOW_FAILED);
    } else {
      final byte[] branch = tokens.branch(request, request.topVia());
      final int result = forwarder.toFlow(from, request, routes, mark, branch, to);
      answers.unsent(request, result, Status.FLOW_FAILED, SipCounter.FAILED_FLOWS);
    }
  }

  // ---- to the core ----

  private void toCore(Flow from, SipMessage request, byte[] mark) {
    final Target named = routes.hasNext() || isInDialog(from, request) ? named(request) : null;
    if (named == null && !mayGoAnywhere(from, request)) {
      counters.increment(SipCounter.STRAY_ROUTES);
      answers.refuse(request, Status.FORBIDDEN);
      return;
    }
    final byte[] branch = tokens.branch(request, request.topVia());
    final long nowNs = clock.nanoTime();
    Target target = choice.remembered(request, branch, FlowTokens.BRANCH_LENGTH, nowNs);
    if (target != null) {
      target = upstreams.current(target);
    } else {
      target =
          named != null ? named : choice.choose(upstreams.group(from.policy().group()), request);
    }
    final int result =
        target == null
            ? SendResult.NOT_OPEN
            : forwarder.toCore(
                from,
                request,
                routes,
                mark,
                branch,
                target,
                named == null ? from.policy().group() : null);
    if (SendResult.isAccepted(result)) {
      choice.sent(request, forwarder.lastTarget(), branch, FlowTokens.BRANCH_LENGTH, nowNs);
    } else {
      answers.unsent(request, result, Status.SERVICE_UNAVAILABLE, SipCounter.CORE_UNREACHABLE);
    }
  }

  /** The target that the next hop, or the Request-URI within a dialog, means (C-6). */
  private Target named(SipMessage request) {
    if (routes.hasNext()) {
      routes.readNext(request);
      return choice.named(upstreams, request, routes.nextUriOffset(), routes.nextUriLength());
    }
    return choice.named(upstreams, request, routes.uriOffset(), routes.uriLength());
  }

  /**
   * Whether the Request-URI tells where the request goes. CANCEL and the ACK of a failure that have
   * no Route follow their INVITE, which had none (C-17, C-18).
   */
  private boolean isInDialog(Flow from, SipMessage request) {
    if (!request.to().hasTag()) {
      return false;
    }
    return isMember(from)
        || (request.method() != SipMethod.ACK && request.method() != SipMethod.CANCEL);
  }

  /** Whether the group of the listener may be told what names none of the core's hops (C-6). */
  private boolean mayGoAnywhere(Flow from, SipMessage request) {
    return !routes.hasNext() && (isMember(from) || !isInDialog(from, request));
  }

  /**
   * Whether the Route shows that this side has recorded the dialog: by a token, or where there are
   * only aliases by its address.
   */
  private boolean isMember(Flow flow) {
    return routes.verdict() != null
        || (routes.hasOwn() && flow.policy().mode() != EdgePolicy.Mode.OUTBOUND);
  }
}
