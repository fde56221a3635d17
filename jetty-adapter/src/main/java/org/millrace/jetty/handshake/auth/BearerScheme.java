package org.millrace.jetty.handshake.auth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.handshake.RequestHead;

/**
 * A token in Authorization (RFC 6750), or where a browser can put it: a query parameter, a cookie.
 */
final class BearerScheme implements CredentialScheme {
  private final Tokens tokens;
  private final Optional<String> parameter;
  private final Optional<String> cookie;
  private final String realm;

  BearerScheme(AuthConfig config, InstantSource clock) {
    tokens = new Tokens(config.tokens(), clock);
    parameter = config.queryToken();
    cookie = config.cookie();
    realm = Realm.quoted(config.realm());
  }

  @Override
  public Attempt attempt(RequestHead head, List<X509Certificate> certificates) {
    final Optional<String> token =
        Credentials.of(head, "Bearer").or(() -> parameter.flatMap(name -> inQuery(head, name)));
    if (token.isPresent()) {
      return tokens.identity(token.get()).map(Attempt::proven).orElse(Attempt.WRONG);
    }
    final Optional<String> session = cookie.flatMap(name -> inCookies(head, name));
    if (session.isPresent()) {
      // There is no asking a browser for another cookie.
      return tokens.identity(session.get()).map(Attempt::proven).orElse(Attempt.SESSION_UNKNOWN);
    }
    return Attempt.ABSENT;
  }

  private static Optional<String> inQuery(RequestHead head, String name) {
    return head.target().query().flatMap(query -> find(query, '&', name)).map(BearerScheme::decode);
  }

  private static Optional<String> inCookies(RequestHead head, String name) {
    for (String cookies : head.values("cookie")) {
      final Optional<String> found = find(cookies, ';', name);
      if (found.isPresent()) {
        return found.map(BearerScheme::unquote);
      }
    }
    return Optional.empty();
  }

  /** Value of the first pair with this name, in one pass. */
  private static Optional<String> find(String text, char separator, String name) {
    int begin = 0;
    while (begin <= text.length()) {
      int end = text.indexOf(separator, begin);
      if (end < 0) {
        end = text.length();
      }
      final String pair = text.substring(begin, end).strip();
      if (pair.startsWith(name)
          && pair.length() > name.length()
          && pair.charAt(name.length()) == '=') {
        return Optional.of(pair.substring(name.length() + 1));
      }
      begin = end + 1;
    }
    return Optional.empty();
  }

  private static String decode(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String unquote(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  @Override
  public List<String> challenges(boolean stale) {
    return List.of("Bearer realm=\"" + realm + "\"");
  }
}
