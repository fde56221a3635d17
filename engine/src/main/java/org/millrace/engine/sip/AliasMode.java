package org.millrace.engine.sip;

import java.util.ArrayList;
import java.util.List;

/**
 * Where Kamailio's aliases come into the proxy (C.7): for flows whose policy has them, by the side
 * of tokens or in place of them. Whether an alias needs a MAC is the policy of the flow that it
 * leads to (C-52). One instance a router.
 */
final class AliasMode {
  private final AliasTable table;
  private final AliasMac macs;
  private final Aliases proved;
  private final Aliases plain;
  private final FlowFinder finder;
  private Aliases last;
  private Flow flow;

  AliasMode(AliasTable table, TokenKeys keys, FlowFinder finder) {
    this.table = table;
    this.finder = finder;
    final List<byte[]> ring = new ArrayList<>(keys.flowKeys().values());
    ring.remove(keys.flowKeys().get(keys.current()));
    ring.add(0, keys.flowKeys().get(keys.current()));
    macs = new AliasMac(ring);
    proved = new Aliases(table, macs);
    plain = new Aliases(table, null);
  }

  private static boolean isOn(EdgePolicy policy) {
    return policy.mode() != EdgePolicy.Mode.OUTBOUND;
  }

  private Aliases of(Flow of) {
    return of.policy().aliasMac() ? proved : plain;
  }

  // ---- flows ----

  /** The address that aliases have for a flow that opens; null if it has none. */
  FlowAddress opened(FlowInfo info, long connectionId, EdgePolicy policy) {
    if (!isOn(policy)) {
      return null;
    }
    final FlowAddress address = FlowAddress.of(info, connectionId, policy.aliasMac() ? macs : null);
    if (address != null) {
      table.enter(address);
    }
    return address;
  }

  void closed(Flow closed) {
    if (closed.address() != null) {
      table.leave(closed.address());
    }
  }

  // ---- messages of clients ----

  /** C-50. With a Path there is no need for an alias in a registration. */
  void addToRequest(Flow from, SipMessage request, Splice splice) {
    if (from.address() != null
        && (request.method() != SipMethod.REGISTER
            || from.policy().mode() == EdgePolicy.Mode.ALIAS)) {
      of(from).add(request, from.address(), splice);
    }
  }

  void addToResponse(Flow from, SipMessage response, Splice splice) {
    if (from.address() != null) {
      of(from).add(response, from.address(), splice);
    }
  }

  // ---- messages of the core ----

  /**
   * Reads the alias in the Request-URI (C-51).
   *
   * @return what to answer if it leads nowhere, or null; then {@link #flow} tells.
   */
  Status read(SipMessage request) {
    flow = null;
    if (!table.isUsed()) {
      return null;
    }
    last = plain;
    final Status status = plain.read(request);
    if (status == Status.NOT_FOUND) {
      return proved.read(request) == Status.FLOW_FAILED ? Status.FLOW_FAILED : status;
    }
    if (status != null || plain.flow() == Aliases.NO_FLOW) {
      return status;
    }
    final Flow found = finder.byId(plain.flow());
    if (found == null) {
      return Status.NOT_FOUND;
    }
    if (found.policy().aliasMac()) {
      last = proved;
      final Status proof = proved.read(request);
      if (proof != null) {
        return proof;
      }
    }
    flow = found;
    return null;
  }

  /** The flow that the last alias leads to; null if there was none. */
  Flow flow() {
    return flow;
  }

  /** Removes the alias that was read. */
  void cut(Splice splice) {
    last.cut(splice);
  }

  /** C-54. */
  void removeFromResponse(Flow to, SipMessage response, Splice splice) {
    if (to.address() != null
        && response.method() == SipMethod.REGISTER
        && response.status() / 100 == 2) {
      of(to).removeOwn(response, to.address(), splice);
    }
  }
}
