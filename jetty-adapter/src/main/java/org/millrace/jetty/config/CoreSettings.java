package org.millrace.jetty.config;

import java.time.Duration;
import org.millrace.engine.sip.EmbeddedCoreContext;

/** Reads the {@code core} section. */
final class CoreSettings {
  private static final int MOST_BINDINGS = 100_000_000;
  private static final Duration LEAST = Duration.ofSeconds(1);

  private CoreSettings() {}

  static CoreConfig read(Section section) {
    final CoreConfig core =
        new CoreConfig(
            section.list("domains", value -> Hosts.host(Kinds.string(value))),
            section.bool("digest"),
            AuthSettings.realm(section),
            AuthSettings.users(section),
            section.duration("min-expires", LEAST, Limits.LONGEST),
            section.duration("default-expires", LEAST, Limits.LONGEST),
            section.duration("max-expires", LEAST, Limits.LONGEST),
            section.integer("max-contacts-per-user", 1, EmbeddedCoreContext.MAX_CONTACTS_PER_USER),
            section.integer("max-bindings", 1, MOST_BINDINGS));
    section.close();
    check(section, core);
    return core;
  }

  private static void check(Section section, CoreConfig core) {
    section.require(
        !core.digest() || !core.users().isEmpty(),
        "digest",
        "needs users, or nobody could register: set users or users-file");
    section.require(
        core.digest() || core.users().isEmpty(), "users", "is of no use without digest = true");
    section.requireBoth(
        core.minExpires().compareTo(core.defaultExpires()) <= 0,
        "min-expires",
        "default-expires",
        "min-expires = "
            + Units.of(core.minExpires())
            + " must not be above default-expires = "
            + Units.of(core.defaultExpires()));
    section.requireBoth(
        core.defaultExpires().compareTo(core.maxExpires()) <= 0,
        "default-expires",
        "max-expires",
        "default-expires = "
            + Units.of(core.defaultExpires())
            + " must not be above max-expires = "
            + Units.of(core.maxExpires()));
  }
}
