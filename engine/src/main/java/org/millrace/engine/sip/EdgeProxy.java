package org.millrace.engine.sip;

import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.frame.CloseCode;

/**
 * The proxy between SIP clients over WebSocket and a SIP core (section C of the specification): RFC
 * 5626 edge proxy with signed flow tokens, or Kamailio's aliases. Stateless; what UDP loses is
 * repeated by {@link CoreSender}.
 */
public final class EdgeProxy {
  private final SipCounters counters = new SipCounters();
  private final FlowTable flows = new FlowTable();
  private final EdgeProxyContext context;
  private final SipContext sipContext;
  private final UpstreamSet upstreams;
  private final FlowSender sender;
  private final CoreSender core;
  private final AliasTable aliases = new AliasTable();
  private final OwnNames names;
  private final PerShard<EdgeShard> shards;

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
    this.context = context.isConcluded() ? context : context.conclude();
    this.sipContext = sipContext.isConcluded() ? sipContext : sipContext.conclude();
    this.upstreams = upstreams;
    this.sender = sender;
    this.core = core;
    names = new OwnNames(context.coreSockets());
    shards = new PerShard<>(sender, this::newShard);
  }

  private EdgeShard newShard() {
    return new EdgeShard(context, flows, names, aliases, upstreams, sender, core, counters);
  }

  /** The handler for one connection of a client. Any thread. */
  public MessageHandler newHandler(FlowInfo info, EdgePolicy policy) {
    return new SipHandler(shards::of, info, policy, sipContext, counters);
  }

  /**
   * The handler for one connection with the core, of a stream or of WebSocket, whose peer is
   * trusted to be the core (C-2). It gets whole messages.
   *
   * @param socket what the connection belongs to.
   */
  public MessageHandler newCoreHandler(CoreSocket socket) {
    return new CoreHandler(shards::of, socket, counters);
  }

  /** For a thread that is not a shard's, such as that of UDP sockets. */
  public CoreReceiver newReceiver() {
    return newShard();
  }

  public SipCounters counters() {
    return counters;
  }

  /** Open connections of clients. */
  public int flowCount() {
    return flows.size();
  }

  /** Closes all connections of an identity with 1008 (B-24). Returns how many there were. */
  public int revoke(String identity) {
    final Identity wanted = new Identity(identity);
    int closed = 0;
    for (final Flow flow : flows.all()) {
      if (flow.identity() != null
          && wanted.covers(flow.identity())
          && sender.close(flow.id(), CloseCode.POLICY_VIOLATION, "session ended")) {
        counters.increment(SipCounter.REVOKED_FLOWS);
        closed++;
      }
    }
    return closed;
  }
}
