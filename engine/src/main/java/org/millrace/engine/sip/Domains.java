package org.millrace.engine.sip;

import java.util.Set;

/** Which hosts are this side. One instance a shard, for its probe. */
final class Domains {
  private final Set<ByteKey> domains;
  private final ByteKey probe = ByteKey.probe();

  /**
   * @param domains empty for every host.
   */
  Domains(Set<ByteKey> domains) {
    this.domains = domains;
  }

  /** Whether the host of a SIP URI is one of the domains, or where the flow's listener is. */
  boolean isLocal(byte[] buffer, SipUri uri, Flow flow) {
    return domains.isEmpty()
        || Octets.equalIgnoringCase(
            buffer, uri.hostOffset(), uri.hostLength(), flow.listener().lowerHost())
        || (probe.host(buffer, uri.hostOffset(), uri.hostLength()) && domains.contains(probe));
  }
}
