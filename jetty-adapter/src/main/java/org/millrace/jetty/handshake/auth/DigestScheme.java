package org.millrace.jetty.handshake.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.handshake.RequestHead;

/** Digest with SHA-256 or MD5 and {@code qop=auth} (RFC 7616). */
final class DigestScheme implements CredentialScheme {
  private static final List<String> ALGORITHMS = List.of("SHA-256", "MD5");
  private static final HexFormat HEX = HexFormat.of();

  private final String realm;
  private final String quotedRealm;
  private final Map<String, String> users;
  private final Nonces nonces;

  DigestScheme(AuthConfig config, InstantSource clock) {
    realm = config.realm();
    quotedRealm = Realm.quoted(realm);
    users = Map.copyOf(config.users());
    nonces = new Nonces(config.nonceLife(), clock);
  }

  @Override
  public Attempt attempt(RequestHead head, List<X509Certificate> certificates) {
    final Optional<String> credentials = Credentials.of(head, "Digest");
    if (credentials.isEmpty()) {
      return Attempt.ABSENT;
    }
    return Credentials.parameters(credentials.get())
        .map(parameters -> check(head, parameters))
        .orElse(Attempt.WRONG);
  }

  private Attempt check(RequestHead head, Map<String, String> given) {
    final String algorithm = given.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
    final String user = given.getOrDefault("username", "");
    final String password = users.get(Credentials.utf8(user));
    final boolean fits =
        ALGORITHMS.contains(algorithm)
            && realm.equals(given.get("realm"))
            && "auth".equals(given.get("qop"))
            && given.containsKey("cnonce")
            && isTarget(head, given.getOrDefault("uri", ""));
    final long count = Nonces.count(given.getOrDefault("nc", ""));
    if (!fits || count <= 0 || !isAnswer(head, given, algorithm, password)) {
      return Attempt.WRONG;
    }
    return switch (nonces.use(given.getOrDefault("nonce", ""), count)) {
      case FRESH -> Attempt.proven(Credentials.utf8(user));
      case STALE -> Attempt.STALE;
      case FORGED -> Attempt.WRONG;
    };
  }

  /** What was signed has to be what is asked for. */
  private static boolean isTarget(RequestHead head, String uri) {
    final String target =
        head.target().path() + head.target().query().map(query -> "?" + query).orElse("");
    final Optional<String> absolute =
        head.target()
            .authority()
            .map(host -> head.target().scheme().orElse("") + "://" + host + target);
    return uri.equals(target) || absolute.filter(uri::equals).isPresent();
  }

  private static boolean isAnswer(
      RequestHead head, Map<String, String> given, String algorithm, String password) {
    final String secret =
        password == null
            ? ""
            : new String(password.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    final String user =
        hash(algorithm, given.get("username") + ":" + given.get("realm") + ":" + secret);
    final String request = hash(algorithm, head.method() + ":" + given.get("uri"));
    final String expected =
        hash(
            algorithm,
            String.join(
                ":",
                user,
                given.getOrDefault("nonce", ""),
                given.get("nc"),
                given.get("cnonce"),
                "auth",
                request));
    final byte[] response =
        given.getOrDefault("response", "").getBytes(StandardCharsets.ISO_8859_1);
    return MessageDigest.isEqual(expected.getBytes(StandardCharsets.ISO_8859_1), response)
        && password != null;
  }

  private static String hash(String algorithm, String text) {
    return HEX.formatHex(Credentials.digest(algorithm, text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override
  public List<String> challenges(boolean stale) {
    final String nonce = nonces.issue();
    return ALGORITHMS.stream()
        .map(
            algorithm ->
                "Digest realm=\""
                    + quotedRealm
                    + "\", qop=\"auth\", algorithm="
                    + algorithm
                    + ", nonce=\""
                    + nonce
                    + "\", charset=UTF-8"
                    + (stale ? ", stale=true" : ""))
        .toList();
  }
}
