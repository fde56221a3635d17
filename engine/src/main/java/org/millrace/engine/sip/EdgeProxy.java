package org.millrace.engine.sip;

import org.millrace.engine.connection.MessageHandler;

/**
 * The proxy between SIP clients over WebSocket and a SIP core (section C of the specification): RFC
 * 5626 edge proxy with signed flow tokens, or Kamailio's aliases. Stateless; what UDP loses is
 * repeated by {@link CoreSender}.
 */
public final class EdgeProxy {
  private final SipCounters counters = new SipCounters();

  /**
   * @param context concluded here if it is not yet.
   * @param sipContext likewise.
   * @param upstreams the core.
   * @param sender to the engine whose connections get the handlers, clients' and the core's.
   * @param core the transports towards the core.
   */
  public EdgeProxy(
      EdgeProxyContext context,
      SipContext sipContext,
      UpstreamSet upstreams,
      FlowSender sender,
      CoreSender core) {
    context.conclude();
  }

  /** The handler for one connection of a client. Any thread. */
  public MessageHandler newHandler(FlowInfo info, EdgePolicy policy) {
    return unfinished();
  }

  /**
   * The handler for one connection with the core, of a stream or of WebSocket, whose peer is
   * trusted to be the core (C-2). It gets whole messages.
   *
   * @param socket what the connection belongs to.
   */
  public MessageHandler newCoreHandler(CoreSocket socket) {
    return unfinished();
  }

  /** For a thread that is not a shard's, such as that of UDP sockets. */
  public CoreReceiver newReceiver() {
    return unfinished();
  }

  public SipCounters counters() {
    return counters;
  }

  /** Open connections of clients. */
  public int flowCount() {
    return unfinished();
  }

  /** Closes all connections of an identity with 1008 (B-24). Returns how many there were. */
  public int revoke(String identity) {
    return unfinished();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unfinished() {
    throw new UnsupportedOperationException();
  }
}
