package org.millrace.jetty.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may connect to a path (A-14, step 21 of A-3). Several schemes: any of them will do.
 *
 * @param schemes empty for none asked.
 * @param realm of Basic and Digest.
 * @param users name to password, for Basic and Digest.
 * @param nonceLife of Digest.
 * @param tokens how a bearer token is checked.
 * @param queryToken name of a query parameter that may carry the bearer token, since a browser
 *     cannot set headers.
 * @param cookie name of a cookie that may carry the bearer token; with it a missing Origin is
 *     refused.
 * @param allowed identities that are authorised; empty for all that authenticate.
 */
public record AuthConfig(
    Set<Scheme> schemes,
    String realm,
    Map<String, String> users,
    Duration nonceLife,
    Tokens tokens,
    Optional<String> queryToken,
    Optional<String> cookie,
    Set<String> allowed) {

  /** How a client says who it is. */
  public enum Scheme {
    BASIC,
    DIGEST,
    BEARER,
    CLIENT_CERTIFICATE
  }

  /**
   * Rules for a JWT.
   *
   * @param hmacSecret for HS256; at least 32 bytes.
   * @param publicKeys PEM files or a JWK set for RS256, ES256 and their kin.
   * @param issuer asked for, if given.
   * @param audience asked for, if given.
   * @param identityClaim whose value becomes the identity of the flow.
   * @param leeway by which clocks may differ.
   */
  public record Tokens(
      Optional<String> hmacSecret,
      List<Path> publicKeys,
      Optional<String> issuer,
      Optional<String> audience,
      String identityClaim,
      Duration leeway) {}
}
