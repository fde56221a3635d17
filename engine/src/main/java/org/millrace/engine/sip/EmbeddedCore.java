package org.millrace.engine.sip;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.connection.MessageHandler;

/**
 * A registrar, location service and proxy for the SIP clients of one engine, so that they can reach
 * each other with nothing else running. All in memory: for trying, for testing and for
 * demonstrations.
 *
 * <p>Any thread may call what is here. Handlers work on the shards that own their connections, with
 * scratch space that each shard makes when its first connection opens; see {@link
 * FlowSender#shard}.
 */
public final class EmbeddedCore {
  /** A contact as the administration sees it. */
  public record BindingView(
      String address, String contact, long connectionId, long remainingSeconds) {}

  private static final int ADDRESSES_PER_POLL = 1024;

  private final EmbeddedCoreContext context;
  private final SipContext sipContext;
  private final FlowSender sender;
  private final SipCounters counters = new SipCounters();
  private final FlowTable flows = new FlowTable();
  private final OwnNames names = new OwnNames(List.of());
  private final Location location = new Location();
  private final NonceUse nonceUse;
  private final ForkTable forks;
  private final CoreShard poller;
  private final PerShard<SipRouter> shards;

  /**
   * @param context concluded here if it is not yet.
   * @param sipContext likewise.
   * @param sender to the engine whose connections get the handlers.
   * @throws org.millrace.engine.connection.ConfigurationException if a setting cannot be.
   */
  public EmbeddedCore(EmbeddedCoreContext context, SipContext sipContext, FlowSender sender) {
    this.context = context.isConcluded() ? context : context.conclude();
    this.sipContext = sipContext.isConcluded() ? sipContext : sipContext.conclude();
    this.sender = sender;
    nonceUse = new NonceUse(context.maxNonces());
    forks = new ForkTable(context.maxForks());
    poller = newShard();
    shards = new PerShard<>(sender, this::newShard);
  }

  /** The handler for one connection, before or after its opening handshake. */
  public MessageHandler newHandler(FlowInfo info) {
    return new SipHandler(shards::of, info, null, sipContext, counters);
  }

  private CoreShard newShard() {
    return new CoreShard(
        context,
        flows,
        names,
        location,
        nonceUse,
        forks,
        sender,
        sipContext.newMessage(),
        counters);
  }

  /**
   * Lets time pass: removes bindings that have expired, a bounded part of them with each call, and
   * ends calls that ring at several contacts for too long or whose connections have gone. To be
   * called about once a second, by one thread at a time, which need not be a shard's.
   */
  public void poll() {
    final long nowNs = context.nanoClock().nanoTime();
    location.sweep(nowNs, ADDRESSES_PER_POLL);
    poller.poll(nowNs);
  }

  /** INVITEs that ring at several contacts, or did until half a minute ago. */
  public int forkCount() {
    return forks.size();
  }

  public SipCounters counters() {
    return counters;
  }

  /** Open connections with a handler from here. */
  public int flowCount() {
    return flows.size();
  }

  /** Closes all connections of an identity with 1008 (B-24). Returns how many there were. */
  public int revoke(String identity) {
    return Revocation.revoke(identity, flows, sender, counters);
  }

  /** Contacts registered; those expired a moment ago may be among them. */
  public int bindingCount() {
    return location.size();
  }

  /** Addresses of record with contacts. */
  public int addressCount() {
    return location.addresses();
  }

  /** The contacts of up to {@code mostAddresses} addresses of record, in no order. */
  public List<BindingView> bindings(int mostAddresses) {
    final List<BindingView> views = new ArrayList<>();
    for (final ByteKey address : location.list(mostAddresses)) {
      view(address, views);
    }
    return views;
  }

  /**
   * The contacts of one address of record, the last refreshed first.
   *
   * @param address {@code user@host}, the host in lower case.
   */
  public List<BindingView> bindingsOf(String address) {
    final List<BindingView> views = new ArrayList<>();
    view(ByteKey.of(address), views);
    return views;
  }

  private void view(ByteKey address, List<BindingView> views) {
    final long nowNs = context.nanoClock().nanoTime();
    final Binding[] bindings = location.get(address);
    for (final Binding binding : bindings == null ? Binding.NONE : bindings) {
      if (!binding.isExpired(nowNs)) {
        views.add(
            new BindingView(
                address.toString(),
                new String(binding.contact(), StandardCharsets.UTF_8),
                binding.connectionId(),
                binding.remainingSeconds(nowNs)));
      }
    }
  }
}
