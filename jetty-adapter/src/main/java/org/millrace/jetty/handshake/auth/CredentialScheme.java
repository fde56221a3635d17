package org.millrace.jetty.handshake.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import org.millrace.jetty.handshake.RequestHead;

/** One way of proving who one is. */
interface CredentialScheme {
  Attempt attempt(RequestHead head, List<X509Certificate> certificates);

  /**
   * Values of WWW-Authenticate.
   *
   * @param stale whether the credentials were right but for the age of their nonce.
   */
  List<String> challenges(boolean stale);
}
