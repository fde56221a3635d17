package org.millrace.engine.sip;

import java.util.function.LongFunction;
import org.agrona.DirectBuffer;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.CloseCode;

/**
 * One flow of SIP over WebSocket (RFC 7118): tells keep-alives, SIP and everything else apart, and
 * hands SIP to the router of its shard. One instance a connection; of its own it has the flow and a
 * count. The parser is the router's, which is found by the connection's shard when it opens.
 * Requirements B-1, B-2, B-4, B-6, B-16 to B-20.
 */
public final class SipHandler implements MessageHandler {
  private final LongFunction<? extends SipRouter> routers;
  private final FlowInfo info;
  private final EdgePolicy policy;
  private final SipContext context;
  private final SipCounters counters;
  private SipRouter router;
  private Flow flow;
  private RequestRate rate;
  private int badMessages;

  /**
   * @param routers the router of the shard that owns a connection id.
   * @param policy null if the router has no use for one.
   */
  SipHandler(
      LongFunction<? extends SipRouter> routers,
      FlowInfo info,
      EdgePolicy policy,
      SipContext context,
      SipCounters counters) {
    this.routers = routers;
    this.info = info;
    this.policy = policy;
    this.context = context;
    this.counters = counters;
  }

  @Override
  public void onOpened(Connection connection) {
    router = routers.apply(connection.id());
    flow = router.opened(connection.id(), info, policy);
    if (context.maxRequestRate() > 0) {
      rate = new RequestRate(context, connection.lastReceivedNs());
    }
  }

  @Override
  public void onMessage(
      Connection connection, int opcode, DirectBuffer buffer, int offset, int length) {
    if (CrlfKeepAlive.took(connection, opcode, buffer, offset, length, counters)) {
      return;
    }
    final SipMessage message = router.message();
    final SipDefect defect = message.parse(buffer, offset, length);
    if (defect == SipDefect.NOT_SIP) {
      bad(connection);
    } else if (message.isRequest()) {
      counters.increment(SipCounter.REQUESTS);
      surplus(message);
      request(connection, message, defect);
    } else {
      counters.increment(SipCounter.RESPONSES);
      surplus(message);
      response(message, defect);
    }
  }

  private void bad(Connection connection) {
    if (badMessages == context.maxBadMessages()) {
      counters.increment(SipCounter.BAD_MESSAGE_CLOSES);
      connection.close(CloseCode.UNSUPPORTED_DATA, "not SIP");
      return;
    }
    badMessages++;
    counters.increment(SipCounter.BAD_MESSAGES);
  }

  private void surplus(SipMessage message) {
    if (message.surplus() > 0) {
      counters.increment(SipCounter.SURPLUS_MESSAGES);
      counters.add(SipCounter.SURPLUS_BYTES, message.surplus());
    }
  }

  private void request(Connection connection, SipMessage message, SipDefect defect) {
    if (rate != null) {
      flow.tooFast(!rate.admits(connection.lastReceivedNs()));
      if (rate.isFlood()) {
        counters.increment(SipCounter.FLOOD_CLOSES);
        connection.close(CloseCode.POLICY_VIOLATION, "too many requests");
        return;
      }
    }
    if (defect == SipDefect.NONE) {
      router.request(flow, message);
      return;
    }
    counters.increment(SipCounter.MALFORMED_REQUESTS);
    if (message.isAnswerable()) {
      router.malformed(flow, message);
    } else if (message.method() != SipMethod.ACK) {
      bad(connection); // of no use and no way to say so
    }
  }

  private void response(SipMessage message, SipDefect defect) {
    if (defect == SipDefect.NONE) {
      router.response(flow, message);
    } else {
      counters.increment(SipCounter.MALFORMED_RESPONSES);
    }
  }

  @Override
  public void onClosing(Connection connection) {
    router.closed(flow);
  }

  @Override
  public void onClosed(Connection connection, ClosedEvent event) {
    router.closed(flow);
  }
}
