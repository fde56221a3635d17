package org.millrace.engine.sip;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** To whom a flow's opening handshake belongs (RFC 7118 appendix A.2, B-23). Immutable. */
final class Identity {
  private final ByteKey user;
  private final ByteKey address;
  private final byte[] asserted;

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
    asserted = at < 0 ? new byte[0] : asserted(plain.substring(0, at), plain.substring(at + 1));
  }

  /** Whatever the name holds, nothing of it can end the URI or the line. */
  private static byte[] asserted(String name, String host) {
    if (!host.matches("[A-Za-z0-9.:\\[\\]-]+")) {
      return new byte[0];
    }
    final StringBuilder line = new StringBuilder("P-Asserted-Identity: <sip:");
    for (final byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (Octets.isToken(b) && b != '%' && b != '`') {
        line.append((char) b);
      } else {
        line.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return Octets.ascii(line.append('@').append(host).append(">\r\n").toString());
  }

  /** A P-Asserted-Identity line; empty if the identity does not tell a host (RFC 3325). */
  byte[] asserted() {
    return asserted;
  }

  /** Whether another one is meant by this one: the same address, or the same user if it is all. */
  boolean covers(Identity other) {
    return user.equals(other.user)
        && (address == null || other.address == null || address.equals(other.address));
  }

  /**
   * Whether a From or To is this one's.
   *
   * @param userOnly does not look at the host: within a dialog the callee's From is the address
   *     that it was called by, under whatever name of this side.
   * @param probe for the comparison.
   */
  boolean matches(byte[] buffer, SipUri uri, boolean userOnly, ByteKey probe) {
    if (address == null || userOnly) {
      return probe.user(buffer, uri) && probe.equals(user);
    }
    return probe.addressOfRecord(buffer, uri) && probe.equals(address);
  }
}
