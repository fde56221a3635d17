package org.millrace.jetty.handshake.auth;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.millrace.jetty.handshake.RequestHead;

/**
 * A client certificate that TLS has verified. Its subject alternative names are identities: URIs,
 * then mail addresses, then names of hosts; without any, its common name is.
 */
final class CertificateScheme implements CredentialScheme {
  private static final int MAIL = 1;
  private static final int HOST = 2;
  private static final int URI = 6;

  private final Set<String> allowed;

  CertificateScheme(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  @Override
  public Attempt attempt(RequestHead head, List<X509Certificate> certificates) {
    if (certificates.isEmpty()) {
      return Attempt.ABSENT;
    }
    final List<String> names = names(certificates.get(0));
    if (names.isEmpty()) {
      return Attempt.WRONG;
    }
    return Attempt.proven(
        names.stream().filter(allowed::contains).findFirst().orElse(names.get(0)));
  }

  private static List<String> names(X509Certificate certificate) {
    final List<String> names = new ArrayList<>();
    try {
      for (int type : new int[] {URI, MAIL, HOST}) {
        addAlternativeNames(certificate, type, names);
      }
      if (names.isEmpty()) {
        addCommonName(certificate, names);
      }
    } catch (CertificateParsingException | InvalidNameException e) {
      names.clear();
    }
    return names;
  }

  private static void addAlternativeNames(X509Certificate certificate, int type, List<String> names)
      throws CertificateParsingException {
    final Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives == null) {
      return;
    }
    for (List<?> alternative : alternatives) {
      if (alternative.get(0).equals(type) && alternative.get(1) instanceof String name) {
        names.add(name);
      }
    }
  }

  private static void addCommonName(X509Certificate certificate, List<String> names)
      throws InvalidNameException {
    final LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
    for (Rdn part : subject.getRdns()) {
      if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
        names.add(name);
      }
    }
  }

  @Override
  public List<String> challenges(boolean stale) {
    return List.of();
  }
}
