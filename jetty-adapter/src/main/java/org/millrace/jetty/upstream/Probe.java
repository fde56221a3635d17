package org.millrace.jetty.upstream;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.LocalTransactions;
import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.HostPort;

/**
 * One OPTIONS that asks a target whether it is well. It is addressed to the target itself, for a
 * stateless next hop would pass on anything else.
 *
 * @param branch nobody else's.
 * @param message as it is sent.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Probe(String branch, byte[] message) {
  /**
   * @param random 8 fresh random bytes each time.
   */
  static Probe of(Target target, String userAgent, Supplier<byte[]> random) {
    final String branch = LocalTransactions.BRANCH_MARK + hex(random);
    final String self = target.socket().host() + ":" + target.socket().port();
    final String uri = uri(target);
    final String text =
        "OPTIONS %s SIP/2.0\r\n".formatted(uri)
            + "Via: SIP/2.0/%s %s;branch=%s;rport\r\n"
                .formatted(target.transport().via(), self, branch)
            + "Max-Forwards: 70\r\n"
            + "From: <sip:millrace@%s>;tag=%s\r\n".formatted(self, hex(random))
            + "To: <%s>\r\n".formatted(uri)
            + "Call-ID: %s\r\n".formatted(hex(random))
            + "CSeq: 1 OPTIONS\r\n"
            + "User-Agent: %s\r\n".formatted(userAgent)
            + "Content-Length: 0\r\n\r\n";
    return new Probe(branch, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hex(Supplier<byte[]> random) {
    return HexFormat.of().formatHex(random.get());
  }

  private static String uri(Target target) {
    final String address = target.address().getAddress().getHostAddress().replaceFirst("%.*", "");
    final String host = HostPort.inUri(address);
    final String transport =
        target.transport() == CoreTransport.UDP ? "" : ";transport=" + target.transport().uri();
    return "sip:" + host + ":" + target.address().getPort() + transport;
  }
}
