package org.millrace.engine.sip;

import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/**
 * Answers to the request at hand, which go back where it came from: to a flow, or to the core. An
 * ACK is never answered (C-1). One instance a router.
 */
final class EdgeAnswers {
  private static final byte[] RETRY_AFTER = Octets.ascii("Retry-After: 2\r\n");
  private static final byte[] REQUIRE_PATH = Octets.ascii("Require: path\r\n");

  private final Splice topVia = new Splice();
  private final ViaStamp stamp = new ViaStamp();
  private final Responder responder;
  private final FlowSender flowSender;
  private final CoreSender coreSender;
  private final SipCounters counters;
  private Flow flow;
  private CoreHop hop;

  EdgeAnswers(
      Responder responder, FlowSender flowSender, CoreSender coreSender, SipCounters counters) {
    this.responder = responder;
    this.flowSender = flowSender;
    this.coreSender = coreSender;
    this.counters = counters;
  }

  void to(Flow newFlow) {
    flow = newFlow;
    hop = null;
  }

  void to(CoreHop newHop) {
    flow = null;
    hop = newHop;
  }

  /** Whether the request is the ACK of a failure that was answered here: it ends here (C-3). */
  boolean absorbs(SipMessage request) {
    if (request.method() == SipMethod.ACK && responder.isOwnAck(request)) {
      counters.increment(SipCounter.ABSORBED_ACKS);
      return true;
    }
    return false;
  }

  void refuse(SipMessage request, Status status) {
    if (isAnswered(request)) {
      begin(request, status.code(), status.reason());
      end();
    }
  }

  /** Says what is wrong with a request that is malformed. */
  void malformed(SipMessage request) {
    if (isAnswered(request)) {
      begin(request, request.defect().status(), request.defect().reason());
      end();
    }
  }

  /** As {@link Admission} has it. */
  void refuseAdmission(SipMessage request, Status status) {
    if (!isAnswered(request)) {
      return;
    }
    if (status == Status.TOO_MANY_HOPS && request.method() == SipMethod.OPTIONS) {
      capabilities(request);
      return;
    }
    final SipWriter answer = begin(request, status.code(), status.reason());
    if (status == Status.BAD_EXTENSION) {
      OptionTags.putUnsupported(answer, request, HeaderName.PROXY_REQUIRE);
    }
    end();
  }

  /** Tells a client what it would have to support (C-22). */
  void requirePath(SipMessage request) {
    final Status status = Status.EXTENSION_REQUIRED;
    begin(request, status.code(), status.reason()).put(REQUIRE_PATH);
    end();
  }

  /** Answers OPTIONS for this side. */
  void capabilities(SipMessage request) {
    Capabilities.put(begin(request, Status.OK.code(), Status.OK.reason()));
    end();
  }

  /**
   * Answers if a request could not be sent on.
   *
   * @param result one of {@link SendResult}.
   * @param gone what to answer if there is no next hop any more, and how to count it.
   */
  void unsent(SipMessage request, int result, Status gone, SipCounter counter) {
    switch (result) {
      case SendResult.SENT, SendResult.CONGESTED -> {}
      case SendResult.BACK_PRESSURED -> {
        counters.increment(SipCounter.OVERLOADS);
        retryLater(request);
      }
      case SendResult.TOO_LONG -> refuse(request, Status.MESSAGE_TOO_LARGE);
      default -> {
        counters.increment(counter);
        refuse(request, gone);
      }
    }
  }

  /** 503 with Retry-After. */
  void retryLater(SipMessage request) {
    if (isAnswered(request)) {
      final Status status = Status.SERVICE_UNAVAILABLE;
      begin(request, status.code(), status.reason()).put(RETRY_AFTER);
      end();
    }
  }

  private boolean isAnswered(SipMessage request) {
    if (request.method() == SipMethod.ACK) {
      counters.increment(SipCounter.DROPPED_ACKS);
      return false;
    }
    return true;
  }

  private SipWriter begin(SipMessage request, int code, byte[] reason) {
    if (!request.topVia().isWellFormed()) {
      return responder.begin(request, code, reason, null);
    }
    topVia.begin();
    if (hop == null) {
      ViaStamp.client(topVia, request, flow, false);
    } else {
      stamp.core(topVia, request, hop);
    }
    final int top = request.header(HeaderName.VIA);
    final SipWriter line =
        topVia.apply(request.text(), request.lineStart(top), request.lineEnd(top));
    return responder.begin(request, code, reason, line);
  }

  /** If it cannot be sent there is nobody to tell. */
  private void end() {
    final SipWriter answer = responder.end();
    final int length = answer.length();
    if (hop == null) {
      flowSender.send(flow.id(), Connection.AUTO, answer.buffer(), 0, length);
    } else {
      coreSender.reply(hop, answer.buffer(), 0, length);
    }
  }
}
