package org.millrace.jetty.handshake;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.millrace.jetty.config.LimitsConfig;

/**
 * How many connections there are and how fast handshakes come, in all and by address (steps 6 and 7
 * of A-3). A connection is counted from accept to close by its {@link ConnectionLease}. One that is
 * too many is still accepted, so that it can be told so, but only up to a reserve.
 */
public final class HandshakeLimits {
  private static final int LEAST_RESERVE = 16;

  private final LimitsConfig config;
  private final LongSupplier nanoClock;
  private final AtomicInteger connections = new AtomicInteger();
  private final AddressTable addresses;
  private final TokenBucket handshakes;

  /**
   * Creates the limits of a process.
   *
   * @param nanoClock as {@link System#nanoTime()}.
   */
  public HandshakeLimits(LimitsConfig config, LongSupplier nanoClock) {
    this.config = config;
    this.nanoClock = nanoClock;
    this.addresses = new AddressTable(config.addresses());
    this.handshakes =
        new TokenBucket(
            config.handshakesPerSecond(), config.handshakeBurst(), nanoClock.getAsLong());
  }

  /**
   * Counts a connection that was accepted.
   *
   * @return empty if it is to be closed at once.
   */
  public Optional<ConnectionLease> admit() {
    final int count = connections.incrementAndGet();
    if (count > config.connections() + reserve(config.connections())) {
      connections.decrementAndGet();
      return Optional.empty();
    }
    return Optional.of(new ConnectionLease(this, count > config.connections()));
  }

  /** Connections from accept to close, over all listeners. */
  public int connections() {
    return connections.get();
  }

  /** Seconds for Retry-After; at least one. */
  public long retryAfterSeconds() {
    return Math.max(1, (config.retryAfter().toMillis() + 999) / 1000);
  }

  /** Addresses that something is remembered of. */
  int addresses() {
    return addresses.size();
  }

  /** Whether another handshake fits the rate of the process. */
  boolean tryHandshake() {
    return handshakes.tryTake(nanoClock.getAsLong());
  }

  /** Whether another handshake fits the rate of its address. */
  boolean tryHandshake(InetAddress address) {
    final long interval = TokenBucket.interval(config.handshakesPerSecondPerAddress());
    return interval == 0
        || addresses.tryTake(
            key(address),
            interval,
            TokenBucket.tolerance(
                config.handshakesPerSecondPerAddress(), config.handshakeBurstPerAddress()),
            nanoClock.getAsLong());
  }

  /** Counts a connection of an address; null if that has far too many. */
  AddressTable.Entry open(InetAddress address) {
    final int most = config.connectionsPerAddress();
    return addresses.open(key(address), most + reserve(most), nanoClock.getAsLong());
  }

  boolean limitsConnectionsPerAddress() {
    return config.connectionsPerAddress() > 0;
  }

  boolean isOver(AddressTable.Entry entry) {
    return connectionsOf(entry) > config.connectionsPerAddress();
  }

  int connectionsOf(AddressTable.Entry entry) {
    return addresses.connections(entry);
  }

  void close(AddressTable.Entry entry) {
    if (entry != null) {
      addresses.close(entry);
    }
    connections.decrementAndGet();
  }

  private AddressKey key(InetAddress address) {
    return AddressKey.of(address, config.ipv6PrefixLength());
  }

  private static int reserve(int limit) {
    return Math.max(LEAST_RESERVE, limit / 16);
  }
}
