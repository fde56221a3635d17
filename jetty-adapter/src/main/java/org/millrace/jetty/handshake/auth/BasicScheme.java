package org.millrace.jetty.handshake.auth;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.handshake.RequestHead;

/** Name and password (RFC 7617). */
final class BasicScheme implements CredentialScheme {
  private final List<String> challenge;
  private final Map<String, String> users;

  BasicScheme(String realm, Map<String, String> users) {
    this.challenge = List.of("Basic realm=\"" + Realm.quoted(realm) + "\", charset=\"UTF-8\"");
    this.users = Map.copyOf(users);
  }

  @Override
  public Attempt attempt(RequestHead head, List<X509Certificate> certificates) {
    final Optional<String> credentials = Credentials.of(head, "Basic");
    return credentials.isEmpty() ? Attempt.ABSENT : check(credentials.get());
  }

  private Attempt check(String encoded) {
    final String text;
    try {
      text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Attempt.WRONG;
    }
    final int colon = text.indexOf(':');
    if (colon < 0) {
      return Attempt.WRONG;
    }
    final String user = text.substring(0, colon);
    final String password = users.get(user);
    final byte[] given = text.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    // An unknown name takes as long as a wrong password.
    final byte[] expected = (password == null ? "" : password).getBytes(StandardCharsets.UTF_8);
    return Credentials.sameSecret(given, expected) && password != null
        ? Attempt.proven(user)
        : Attempt.WRONG;
  }

  @Override
  public List<String> challenges(boolean stale) {
    return challenge;
  }
}
