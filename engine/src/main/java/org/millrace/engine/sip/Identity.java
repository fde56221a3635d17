package org.millrace.engine.sip;

import java.util.Locale;
import org.agrona.DirectBuffer;

/** To whom a flow's opening handshake belongs (RFC 7118 appendix A.2, B-23). Immutable. */
final class Identity {
  private final ByteKey user;
  private final ByteKey address;

  /**
   * @param text {@code user@host} or {@code user}, with or without {@code sip:}.
   */
  Identity(String text) {
    final String plain =
        text.startsWith("sip:")
            ? text.substring(4)
            : text.startsWith("sips:") ? text.substring(5) : text;
    final int at = plain.lastIndexOf('@');
    user = ByteKey.of(at < 0 ? plain : plain.substring(0, at));
    address =
        at < 0
            ? null
            : ByteKey.of(plain.substring(0, at) + plain.substring(at).toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a From or To is this one's.
   *
   * @param userOnly does not look at the host: within a dialog the callee's From is the address
   *     that it was called by, under whatever name of this side.
   * @param probe for the comparison.
   */
  boolean matches(DirectBuffer buffer, SipUri uri, boolean userOnly, ByteKey probe) {
    if (address == null || userOnly) {
      return probe.user(buffer, uri) && probe.equals(user);
    }
    return probe.addressOfRecord(buffer, uri) && probe.equals(address);
  }
}
