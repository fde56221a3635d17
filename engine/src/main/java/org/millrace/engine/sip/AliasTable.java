package org.millrace.engine.sip;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The open flows by their remote address, for alias mode (C-52). A flow enters and leaves on the
 * shard that owns it; any may look.
 *
 * <p>An address can belong to several flows: behind a proxy that does not tell the clients'
 * addresses, or when a connection is half dead and its port is used again. Then the latest is
 * found, and when that one leaves, none, until another enters; so a message never goes to a flow
 * that its sender did not mean for want of a better. Where that happens, aliases are the wrong
 * means: use tokens.
 */
final class AliasTable {
  /** An address and port; what is in the table never changes, a probe is filled for each look. */
  static final class Key {
    private long high;
    private long low;
    private int port;

    Key(long high, long low, int port) {
      this.high = high;
      this.low = low;
      this.port = port;
    }

    int port() {
      return port;
    }

    boolean is(IpLiteral address, int otherPort) {
      return port == otherPort && address.is(high, low);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && port == key.port && low == key.low && high == key.high;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(Hash.mix(high ^ Hash.mix(low ^ ((long) port << 48))));
    }
  }

  private final ConcurrentMap<Key, FlowAddress> flows = new ConcurrentHashMap<>();
  private volatile boolean used;

  /** Whether there has ever been one. */
  boolean isUsed() {
    return used;
  }

  static Key probe() {
    return new Key(0, 0, 0);
  }

  void enter(FlowAddress address) {
    used = true;
    flows.put(address.key(), address);
  }

  /** Only this one leaves, not a later flow from the same address. */
  void leave(FlowAddress address) {
    flows.remove(address.key(), address);
  }

  /** Null if there is none. */
  FlowAddress find(IpLiteral address, int port, Key probe) {
    probe.high = address.high();
    probe.low = address.low();
    probe.port = port;
    return flows.get(probe);
  }

  int size() {
    return flows.size();
  }
}
