package org.millrace.jetty.handshake.auth;

import java.util.Optional;

/** What one scheme makes of a request. */
record Attempt(Kind kind, Optional<String> identity) {
  static final Attempt ABSENT = new Attempt(Kind.ABSENT, Optional.empty());
  static final Attempt WRONG = new Attempt(Kind.WRONG, Optional.empty());
  static final Attempt STALE = new Attempt(Kind.STALE, Optional.empty());
  static final Attempt SESSION_UNKNOWN = new Attempt(Kind.SESSION_UNKNOWN, Optional.empty());

  /** From nothing at all to proof. */
  enum Kind {
    ABSENT,
    WRONG,
    /** Right, but to be repeated with a new nonce. */
    STALE,
    SESSION_UNKNOWN,
    PROVEN
  }

  static Attempt proven(String identity) {
    return new Attempt(Kind.PROVEN, Optional.of(identity));
  }
}
