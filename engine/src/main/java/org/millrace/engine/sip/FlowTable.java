package org.millrace.engine.sip;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The open flows by connection id. A flow is put and removed by the shard that owns it and looked
 * up by any; once a look-up has found one, its connection may still close at any moment, which the
 * result of sending tells.
 */
final class FlowTable {
  /** A boxed long that a probe can be, so that a look-up allocates nothing. */
  static final class Id {
    private long value;

    Id(long value) {
      this.value = value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Id id && value == id.value;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }
  }

  private final ConcurrentMap<Id, Flow> flows = new ConcurrentHashMap<>();

  static Id probe() {
    return new Id(0);
  }

  void put(Flow flow) {
    flows.put(new Id(flow.id()), flow);
  }

  void remove(Flow flow) {
    flows.remove(new Id(flow.id()));
  }

  /** Null if there is none. */
  Flow get(long id, Id probe) {
    probe.value = id;
    return flows.get(probe);
  }

  /** Those that are open while it is walked over. */
  Iterable<Flow> all() {
    return flows.values();
  }

  int size() {
    return flows.size();
  }
}
