package org.millrace.engine.sip;

import java.util.Arrays;
import org.agrona.concurrent.NanoClock;
import org.millrace.engine.connection.SendResult;

/**
 * What one shard needs to be part of an {@link EmbeddedCore}: the checks of C-1 in their order,
 * then registrar, router by address of record, or router by token. All its scratch space is its
 * own.
 */
final class CoreShard implements SipRouter {
  private static final byte[] ALLOW_HERE = Octets.ascii("Allow: REGISTER, OPTIONS\r\n");
  private static final byte[] RETRY_AFTER = Octets.ascii("Retry-After: 2\r\n");
  private static final byte[] PATH = Octets.ascii("path");
  private static final byte[] OUTBOUND = Octets.ascii("outbound");

  private final SipMessage message;
  private final SipUri requestUri = new SipUri();
  private final IdentityCheck identities = new IdentityCheck();
  private final SipUri addressUri = new SipUri();
  private final ByteKey address = ByteKey.probe();
  private final ByteKey user = ByteKey.probe();
  private final EmbeddedCoreContext context;
  private final FlowTable flows;
  private final OwnNames names;
  private final Location location;
  private final SipCounters counters;
  private final NanoClock clock;
  private final FlowTokens tokens;
  private final Domains domains;
  private final RouteSet routes;
  private final Responder responder;
  private final Forwarder forwarder;
  private final Registrar registrar;
  private final DigestGate gate;
  private final Forking forking;
  private final Flow[] targets = new Flow[Fork.MOST_BRANCHES];
  private final byte[][] uris = new byte[Fork.MOST_BRANCHES][];
  private int credentials;

  CoreShard(
      EmbeddedCoreContext context,
      FlowTable flows,
      OwnNames names,
      Location location,
      NonceUse nonceUse,
      ForkTable forks,
      FlowSender sender,
      SipMessage message,
      SipCounters counters) {
    this.context = context;
    this.message = message;
    this.flows = flows;
    this.names = names;
    this.location = location;
    this.counters = counters;
    clock = context.nanoClock();
    tokens = new FlowTokens(context.tokenKeys());
    domains = new Domains(context.domains());
    routes = new RouteSet(tokens, domains);
    responder = new Responder(tokens, sender, counters);
    forwarder = new Forwarder(tokens, flows, sender, counters);
    registrar = new Registrar(context, location, responder, counters);
    gate = new DigestGate(context, nonceUse);
    forking = new Forking(forks, tokens, forwarder, responder, sender, counters);
  }

  // ---- flows ----

  @Override
  public SipMessage message() {
    return message;
  }

  @Override
  public Flow opened(long connectionId, FlowInfo info, EdgePolicy policy) {
    final Flow flow = new Flow(connectionId, info, policy, names.listener(info), null, tokens);
    flows.put(flow);
    return flow;
  }

  @Override
  public void closed(Flow flow) {
    flows.remove(flow);
    location.connectionGone(flow.id(), flow.registered(), clock.nanoTime());
  }

  /** Lets time pass for forks; of the instance that has no connections only. */
  void poll(long nowNs) {
    forking.poll(nowNs);
  }

  // ---- messages ----

  @Override
  public void malformed(Flow flow, SipMessage request) {
    final SipDefect defect = request.defect();
    responder.answer(flow, request, defect.status(), defect.reason());
  }

  @Override
  public void response(Flow flow, SipMessage response) {
    final boolean forked = Forking.isBranch(response);
    if (forked && forking.isOwnCancel(response)) {
      return;
    }
    final long callerId = forwarder.returnId(response);
    if (callerId < 0) {
      return;
    }
    if (forked) {
      forking.response(response, callerId, clock.nanoTime());
    } else {
      forwarder.respond(response, callerId);
    }
  }

  @Override
  public void request(Flow flow, SipMessage request) {
    credentials = -1;
    final boolean mayEndHere = request.method() == SipMethod.REGISTER;
    final Status refusal = Admission.refusal(request, requestUri, mayEndHere);
    if (refusal == null) {
      routed(flow, request);
    } else if (refusal == Status.TOO_MANY_HOPS && request.method() == SipMethod.OPTIONS) {
      capabilities(flow, request);
    } else if (refusal == Status.BAD_EXTENSION) {
      unsupported(flow, request, HeaderName.PROXY_REQUIRE);
    } else {
      responder.answer(flow, request, refusal);
    }
  }

  private void routed(Flow flow, SipMessage request) {
    final Status astray = routes.read(flow, request);
    final boolean byToken = routes.target() != RouteSet.NO_FLOW;
    if (!identities.isRight(flow, request, byToken && request.to().hasTag())) {
      counters.increment(SipCounter.IDENTITY_REFUSALS);
      responder.answer(flow, request, Status.FORBIDDEN);
    } else if (flow.isTooFast()) {
      counters.increment(SipCounter.RATE_REFUSALS);
      overloaded(flow, request);
    } else if (astray != null) {
      responder.answer(flow, request, astray);
    } else if (request.method() == SipMethod.ACK && responder.isOwnAck(request)) {
      counters.increment(SipCounter.ABSORBED_ACKS);
    } else if (request.method() == SipMethod.REGISTER) {
      register(flow, request);
    } else if (byToken) {
      toFlow(flow, request);
    } else if (isOfFork(flow, request)) {
      return;
    } else if (isAuthentic(flow, request)) {
      byUri(flow, request);
    }
  }

  /**
   * Whether it belongs to an INVITE that rings at several contacts, then it has been dealt with.
   */
  private boolean isOfFork(Flow flow, SipMessage request) {
    final Fork fork =
        switch (request.method()) {
          case SipMethod.INVITE, SipMethod.CANCEL, SipMethod.ACK -> forking.find(request);
          default -> null;
        };
    if (fork == null || fork.caller() != flow) {
      return false; // nobody else may cancel it
    }
    forking.again(request, fork);
    return true;
  }

  // ---- by token ----

  private void toFlow(Flow flow, SipMessage request) {
    final long id = routes.target();
    if (id != flow.id() && !request.to().hasTag() && request.method() != SipMethod.CANCEL) {
      responder.answer(flow, request, Status.FORBIDDEN); // C-31
      return;
    }
    final Flow target = id < 0 ? null : forwarder.flow(id);
    final int result =
        target == null
            ? SendResult.NOT_OPEN
            : forwarder.request(flow, request, target, null, credentials);
    refused(flow, request, result, Status.FLOW_FAILED);
  }

  private void refused(Flow flow, SipMessage request, int result, Status gone) {
    switch (result) {
      case SendResult.SENT, SendResult.CONGESTED -> {}
      case SendResult.BACK_PRESSURED -> overloaded(flow, request);
      case SendResult.TOO_LONG -> responder.answer(flow, request, Status.MESSAGE_TOO_LARGE);
      default -> responder.answer(flow, request, gone);
    }
  }

  private void overloaded(Flow flow, SipMessage request) {
    if (request.method() == SipMethod.ACK) {
      counters.increment(SipCounter.DROPPED_ACKS);
      return;
    }
    responder.begin(request, Status.SERVICE_UNAVAILABLE).put(RETRY_AFTER);
    responder.end(flow);
  }

  // ---- by Request-URI ----

  private void byUri(Flow flow, SipMessage request) {
    final byte[] buffer = request.text();
    if (!requestUri.isSip() || !domains.isLocal(buffer, requestUri, flow)) {
      responder.answer(flow, request, Status.NOT_FOUND);
    } else if (!requestUri.hasUser()) {
      toSelf(flow, request);
    } else if (!address.addressOfRecord(buffer, requestUri)) {
      responder.answer(flow, request, Status.BAD_REQUEST);
    } else {
      toUser(flow, request);
    }
  }

  private void toUser(Flow flow, SipMessage request) {
    final Binding[] bindings = location.get(address);
    if (bindings == null) {
      responder.answer(flow, request, unknownUser());
      return;
    }
    final long nowNs = clock.nanoTime();
    if (request.method() == SipMethod.INVITE && bindings.length > 1) {
      final int targets = reachable(bindings, nowNs);
      if (targets > 1 && fork(flow, request, targets, nowNs)) {
        return;
      }
    }
    int result = SendResult.NOT_OPEN;
    for (int i = 0; i < bindings.length && result == SendResult.NOT_OPEN; i++) {
      final Flow target = target(bindings[i], nowNs);
      if (target != null) {
        result = forwarder.request(flow, request, target, bindings[i].uri(), credentials);
      }
    }
    refused(flow, request, result, Status.TEMPORARILY_UNAVAILABLE);
  }

  private Flow target(Binding binding, long nowNs) {
    return binding.isExpired(nowNs) ? null : forwarder.flow(binding.connectionId());
  }

  /** Fills {@link #targets} and {@link #uris} with the contacts that can be reached. */
  private int reachable(Binding[] bindings, long nowNs) {
    int count = 0;
    for (int i = 0; i < bindings.length && count < Fork.MOST_BRANCHES; i++) {
      final Flow target = target(bindings[i], nowNs);
      if (target != null) {
        targets[count] = target;
        uris[count++] = bindings[i].uri();
      }
    }
    return count;
  }

  private boolean fork(Flow flow, SipMessage request, int count, long nowNs) {
    return forking.start(
        flow,
        request,
        Arrays.copyOf(targets, count),
        Arrays.copyOf(uris, count),
        credentials,
        nowNs,
        nowNs + context.forkTimeout().toNanos());
  }

  /** A user of the configuration is known without being there. */
  private Status unknownUser() {
    final boolean known =
        context.hasUsers()
            && (context.hashes(address) != null
                || (user.user(message.text(), requestUri) && context.hashes(user) != null));
    return known ? Status.TEMPORARILY_UNAVAILABLE : Status.NOT_FOUND;
  }

  // ---- to this side itself ----

  private void toSelf(Flow flow, SipMessage request) {
    if (request.has(HeaderName.REQUIRE) && !isRequireKnown(request)) {
      unsupported(flow, request, HeaderName.REQUIRE);
    } else if (request.method() == SipMethod.OPTIONS) {
      capabilities(flow, request);
    } else if (request.method() == SipMethod.OTHER) {
      responder.answer(flow, request, Status.NOT_IMPLEMENTED);
    } else if (request.method() == SipMethod.ACK) {
      counters.increment(SipCounter.DROPPED_ACKS);
    } else {
      responder.begin(request, Status.METHOD_NOT_ALLOWED).put(ALLOW_HERE);
      responder.end(flow);
    }
  }

  private void capabilities(Flow flow, SipMessage request) {
    Capabilities.put(responder.begin(request, Status.OK));
    responder.end(flow);
  }

  private static boolean isRequireKnown(SipMessage request) {
    return !OptionTags.hasOther(request, HeaderName.REQUIRE, PATH, OUTBOUND);
  }

  private void unsupported(Flow flow, SipMessage request, int header) {
    if (request.method() == SipMethod.ACK) {
      counters.increment(SipCounter.DROPPED_ACKS);
      return;
    }
    final SipWriter answer = responder.begin(request, Status.BAD_EXTENSION);
    if (header == HeaderName.REQUIRE) {
      OptionTags.putUnsupported(answer, request, header, PATH, OUTBOUND);
    } else {
      OptionTags.putUnsupported(answer, request, header);
    }
    responder.end(flow);
  }

  private void register(Flow flow, SipMessage request) {
    final byte[] buffer = request.text();
    final NameAddr to = request.to();
    if (request.has(HeaderName.REQUIRE) && !isRequireKnown(request)) {
      unsupported(flow, request, HeaderName.REQUIRE);
    } else if (!addressUri.parse(buffer, to.uriOffset(), to.uriLength())
        || !addressUri.isSip()
        || !requestUri.isSip()
        || !address.addressOfRecord(buffer, addressUri)) {
      responder.answer(flow, request, Status.BAD_REQUEST);
    } else if (!domains.isLocal(buffer, requestUri, flow)
        || !domains.isLocal(buffer, addressUri, flow)) {
      responder.answer(flow, request, Status.NOT_FOUND);
    } else if (!context.hasUsers() || hasProved(flow, request, false)) {
      registrar.register(flow, request, address, clock.nanoTime());
    }
  }

  // ---- credentials ----

  /** For requests other than REGISTER, if that is asked for (RFC 3261 section 22.3). */
  private boolean isAuthentic(Flow flow, SipMessage request) {
    if (!context.authenticateRequests() || !context.hasUsers()) {
      return true;
    }
    if (request.method() == SipMethod.ACK || request.method() == SipMethod.CANCEL) {
      return true; // neither can be challenged
    }
    final NameAddr from = request.from();
    if (!addressUri.parse(request.text(), from.uriOffset(), from.uriLength())
        || !addressUri.isSip()
        || !address.addressOfRecord(request.text(), addressUri)) {
      responder.answer(flow, request, Status.FORBIDDEN);
      return false;
    }
    if (!hasProved(flow, request, true)) {
      return false;
    }
    credentials = gate.header();
    return true;
  }

  /** Whether the request comes from the user at {@link #address}; if not it has been answered. */
  private boolean hasProved(Flow flow, SipMessage request, boolean proxy) {
    final long nowNs = clock.nanoTime();
    final DigestGate.Verdict verdict = gate.check(request, proxy, address, nowNs);
    switch (verdict) {
      case GOOD -> {
        return true;
      }
      case OTHER_USER -> responder.answer(flow, request, Status.FORBIDDEN);
      case MALFORMED -> responder.answer(flow, request, Status.BAD_REQUEST);
      default -> {
        counters.increment(SipCounter.CHALLENGES);
        final SipWriter answer =
            responder.begin(
                request, proxy ? Status.PROXY_AUTHENTICATION_REQUIRED : Status.UNAUTHORIZED);
        gate.challenge(answer, proxy, verdict == DigestGate.Verdict.STALE, nowNs);
        responder.end(flow);
      }
    }
    return false;
  }
}
