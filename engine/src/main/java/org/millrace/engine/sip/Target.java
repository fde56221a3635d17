package org.millrace.engine.sip;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;

/**
 * One address of the core that requests are sent to. Immutable but for its health, which one thread
 * writes and every router reads.
 */
public final class Target {
  /** Whether new work goes there (C-69). */
  public enum Health {
    UP,
    /** Says that it is about to go: keeps what it has, gets nothing new. */
    DRAINING,
    DOWN
  }

  private final String name;
  private final CoreSocket socket;
  private final InetSocketAddress address;
  private final int priority;
  private final int weight;
  private final Target twin;
  private final Set<String> hosts;
  private final SizeRule sizeRule;
  private final long nameHash;
  private volatile Health health = Health.UP;

  /**
   * @param name stable and unique, such as {@code pbx/udp:10.0.0.9:5060}; the choice among targets
   *     hangs on it (C-70).
   * @param socket by which requests leave; its transport is the target's.
   * @param address resolved.
   * @param priority 0 to 65535, the lowest first.
   * @param weight 0 to 65535, within the priority.
   */
  public Target(
      String name, CoreSocket socket, InetSocketAddress address, int priority, int weight) {
    this(name, socket, address, priority, weight, null, Set.of());
  }

  /**
   * @param twin the same server over TCP or TLS for what is too long for a datagram, with health of
   *     its own (C-65); null if there is none.
   * @param hosts names that mean this target in a Route or Request-URI, besides its address (C-6):
   *     the configured domain, and the host that it led to.
   */
  public Target(
      String name,
      CoreSocket socket,
      InetSocketAddress address,
      int priority,
      int weight,
      Target twin,
      Set<String> hosts) {
    this(name, socket, address, priority, weight, twin, hosts, null);
  }

  /**
   * @param sizeRule what is too long for it, if it is reached over UDP; null for the proxy's own.
   */
  public Target(
      String name,
      CoreSocket socket,
      InetSocketAddress address,
      int priority,
      int weight,
      Target twin,
      Set<String> hosts,
      SizeRule sizeRule) {
    this.name = Objects.requireNonNull(name, "name");
    this.socket = Objects.requireNonNull(socket, "socket");
    this.address = Objects.requireNonNull(address, "address");
    this.priority = priority;
    this.weight = weight;
    this.twin = twin;
    this.hosts = Set.copyOf(hosts);
    this.sizeRule = sizeRule;
    final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    nameHash = Hash.mix(Hash.add(Hash.EMPTY, bytes, bytes.length));
  }

  public String name() {
    return name;
  }

  public CoreSocket socket() {
    return socket;
  }

  public CoreTransport transport() {
    return socket.transport();
  }

  public InetSocketAddress address() {
    return address;
  }

  public int priority() {
    return priority;
  }

  public int weight() {
    return weight;
  }

  /** Null if there is none. */
  public Target twin() {
    return twin;
  }

  public Set<String> hosts() {
    return hosts;
  }

  /** Null for the proxy's own. */
  public SizeRule sizeRule() {
    return sizeRule;
  }

  long nameHash() {
    return nameHash;
  }

  public Health health() {
    return health;
  }

  public void health(Health value) {
    health = value;
  }

  @Override
  public String toString() {
    return name;
  }
}
