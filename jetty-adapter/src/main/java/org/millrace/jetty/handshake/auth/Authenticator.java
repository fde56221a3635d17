package org.millrace.jetty.handshake.auth;

import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.handshake.RequestHead;

/** Asks for the credentials of a path: any one of its schemes will do (step 21 of A-3). */
public final class Authenticator {
  private static final Outcome ANONYMOUS = new Outcome(Verdict.PASSED, Optional.empty(), List.of());

  private final List<CredentialScheme> schemes;
  private final Set<String> allowed;

  /** How it ended. */
  public enum Verdict {
    PASSED,
    MISSING,
    INVALID,
    SESSION_UNKNOWN,
    NOT_ALLOWED
  }

  /**
   * How it ended, and what to tell the client.
   *
   * @param identity that was proven, if any.
   * @param challenges values of WWW-Authenticate.
   */
  public record Outcome(Verdict verdict, Optional<String> identity, List<String> challenges) {}

  private Authenticator(List<CredentialScheme> schemes, Set<String> allowed) {
    this.schemes = schemes;
    this.allowed = allowed;
  }

  /**
   * Reads what a path asks for, and the keys it needs for that.
   *
   * @throws IllegalArgumentException if something is wrong or missing; the message says what.
   */
  public static Authenticator of(AuthConfig config, InstantSource clock) {
    final List<CredentialScheme> schemes = new ArrayList<>();
    for (AuthConfig.Scheme scheme : AuthConfig.Scheme.values()) {
      if (config.schemes().contains(scheme)) {
        schemes.add(
            switch (scheme) {
              case BASIC -> new BasicScheme(config.realm(), config.users());
              case DIGEST -> new DigestScheme(config, clock);
              case BEARER -> new BearerScheme(config, clock);
              case CLIENT_CERTIFICATE -> new CertificateScheme(config.allowed());
            });
      }
    }
    return new Authenticator(List.copyOf(schemes), Set.copyOf(config.allowed()));
  }

  /** Looks at a request; costs a signature check at most. */
  public Outcome authenticate(RequestHead head, List<X509Certificate> certificates) {
    if (schemes.isEmpty()) {
      return ANONYMOUS;
    }
    Attempt best = Attempt.ABSENT;
    for (CredentialScheme scheme : schemes) {
      final Attempt attempt = scheme.attempt(head, certificates);
      if (attempt.kind().compareTo(best.kind()) > 0) {
        best = attempt;
      }
      if (best.kind() == Attempt.Kind.PROVEN) {
        break;
      }
    }
    return outcome(best);
  }

  private Outcome outcome(Attempt attempt) {
    return switch (attempt.kind()) {
      case PROVEN -> authorise(attempt.identity());
      case SESSION_UNKNOWN -> new Outcome(Verdict.SESSION_UNKNOWN, Optional.empty(), List.of());
      case ABSENT -> challenge(Verdict.MISSING, false);
      case WRONG -> challenge(Verdict.INVALID, false);
      case STALE -> challenge(Verdict.INVALID, true);
    };
  }

  private Outcome authorise(Optional<String> identity) {
    final boolean passes = allowed.isEmpty() || identity.filter(allowed::contains).isPresent();
    return new Outcome(passes ? Verdict.PASSED : Verdict.NOT_ALLOWED, identity, List.of());
  }

  private Outcome challenge(Verdict verdict, boolean stale) {
    final List<String> challenges =
        schemes.stream().flatMap(scheme -> scheme.challenges(stale).stream()).toList();
    return new Outcome(verdict, Optional.empty(), challenges);
  }
}
