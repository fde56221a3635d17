package org.millrace.jetty.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.millrace.jetty.config.Network;

/**
 * Whether the certificate that a server of SIP over TLS has shown is that of the domain which was
 * wanted (RFC 5922 section 7, C-72): a SIP URI without a user, or a DNS name, among its alternative
 * names; never by wildcard, never by its subject. An upstream that is configured by its address
 * needs that address there.
 */
final class DomainCheck {
  private static final int DNS_NAME = 2;
  private static final int URI = 6;
  private static final int IP_ADDRESS = 7;
  private static final String SIP = "sip:";

  private DomainCheck() {}

  /**
   * @throws SSLPeerUnverifiedException if it is not.
   */
  static void check(SSLSession session, String domain) throws SSLPeerUnverifiedException {
    final Certificate certificate = session.getPeerCertificates()[0];
    if (!(certificate instanceof X509Certificate x509) || !matches(x509, domain)) {
      throw new SSLPeerUnverifiedException("the certificate is not that of " + domain);
    }
  }

  static boolean matches(X509Certificate certificate, String domain) {
    try {
      final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null && names.stream().anyMatch(name -> matches(name, domain));
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static boolean matches(List<?> name, String domain) {
    if (!(name.get(1) instanceof String value)) {
      return false;
    }
    return switch ((Integer) name.get(0)) {
      case DNS_NAME -> value.equalsIgnoreCase(domain);
      case URI -> isDomain(value.toLowerCase(Locale.ROOT), domain.toLowerCase(Locale.ROOT));
      case IP_ADDRESS -> Network.isWrittenAsAddress(domain) && isSameAddress(value, domain);
      default -> false;
    };
  }

  /** {@code sip:domain}, with or without parameters, but no port and no user. */
  private static boolean isDomain(String uri, String domain) {
    final String host = SIP + domain;
    return uri.startsWith(host)
        && (uri.length() == host.length()
            || uri.charAt(host.length()) == ';'
            || uri.charAt(host.length()) == '?');
  }

  private static boolean isSameAddress(String one, String other) {
    try {
      return InetAddress.getByName(one).equals(InetAddress.getByName(other));
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
