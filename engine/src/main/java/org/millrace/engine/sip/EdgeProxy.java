package org.millrace.engine.sip;

import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.connection.MessageHandler;

/**
 * The proxy between SIP clients over WebSocket and a SIP core (section C of the specification): RFC
 * 5626 edge proxy with signed flow tokens, or Kamailio's aliases. Stateless, but for flows whose
 * policy has transactions; what UDP loses is repeated by {@link CoreSender}.
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
  private final ViaKeys viaKeys;
  private final TransactionQueue queue;
  private final TransactionAgent agent;
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
    viaKeys = context.newViaKeys();
    queue = context.newTransactionQueue();
    agent = queue == null ? null : newAgent();
    shards = new PerShard<>(sender, this::newShard);
  }

  private EdgeShard newShard() {
    return new EdgeShard(
        context,
        flows,
        names,
        aliases,
        upstreams,
        sender,
        core,
        sipContext.newMessage(),
        viaKeys,
        queue,
        counters);
  }

  private TransactionAgent newAgent() {
    final EdgeShard shard = newShard();
    final ProxyTransactions transactions =
        new ProxyTransactions(
            context.transactions(), upstreams, context.sizeRule(), sender, core, counters);
    return new TransactionAgent(
        queue, transactions, upstreams, shard::pass, newUndelivered(shard), context.nanoClock());
  }

  /**
   * The handler for one connection of a client. Any thread.
   *
   * @param policy with transactions only if {@link EdgeProxyContext#transactions} are on.
   */
  public MessageHandler newHandler(FlowInfo info, EdgePolicy policy) {
    ConfigurationException.require(
        queue != null || !policy.hasTransactions(),
        "transactions",
        policy.transactions(),
        "must be on in the proxy's context, too");
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

  /** For a thread that hears of requests which could not be sent after all. */
  public UndeliveredRequests newUndelivered() {
    return newUndelivered(newReceiver());
  }

  private UndeliveredRequests newUndelivered(CoreReceiver receiver) {
    final FlowTokens tokens = new FlowTokens(context.tokenKeys());
    return new UndeliveredRequests(
        upstreams,
        core,
        new FlowFinder(tokens, flows),
        new ViaTokens(viaKeys, context.nanoClock()),
        queue,
        new Responder(tokens, sender, counters),
        receiver);
  }

  /** Keeps the transactions, on one thread; null if no flow may have any. Always the same. */
  public TransactionAgent transactionAgent() {
    return agent;
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
    return Revocation.revoke(identity, flows, sender, counters);
  }
}
