package org.millrace.jetty.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.jetty.config.AuthConfig.Scheme;

/** Reads the {@code auth} section of a path, and users wherever there are any. */
final class AuthSettings {
  private static final int LEAST_SECRET = 32;
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private AuthSettings() {}

  static AuthConfig read(Section section) {
    final Section tokens = section.section("tokens");
    final AuthConfig auth =
        new AuthConfig(
            new LinkedHashSet<>(section.list("schemes", Kinds.choice(Scheme.class))),
            realm(section),
            users(section),
            section.duration("nonce-life", Duration.ofSeconds(1), Limits.LONGEST),
            tokens(tokens),
            section.optionalString("query-token"),
            section.optionalString("cookie"),
            new LinkedHashSet<>(section.strings("allowed")));
    section.close();
    check(section, tokens, auth);
    return auth;
  }

  /** Goes into a quoted string of a header. */
  static String realm(Section section) {
    final String realm = section.string("realm");
    section.require(
        realm.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\'),
        "realm",
        "must be of printable ASCII without \" and \\");
    return realm;
  }

  /** Those written inline and those from a file. */
  static Map<String, String> users(Section section) {
    final Map<String, String> users = new LinkedHashMap<>(section.texts("users"));
    section.optionalFile("users-file").ifPresent(file -> addUsers(section, file, users));
    for (final String user : users.keySet()) {
      section.require(!user.contains(":"), "users", "a name must have no colon: " + user);
    }
    return users;
  }

  private static void addUsers(Section section, Path file, Map<String, String> users) {
    final List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      section.fail("users-file", file.toAbsolutePath() + " cannot be read: " + reason(e));
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      final String line = lines.get(i);
      final int colon = line.indexOf(':');
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      final String place = file + ":" + (i + 1);
      if (colon < 1 || colon == line.length() - 1) {
        section.fail("users-file", place + " must be name:password");
      } else if (users.putIfAbsent(line.substring(0, colon), line.substring(colon + 1)) != null) {
        section.fail("users-file", place + " names a user that there is already");
      }
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "there is no such file" : e.toString();
  }

  private static AuthConfig.Tokens tokens(Section section) {
    final AuthConfig.Tokens tokens =
        new AuthConfig.Tokens(
            section.optionalString("hmac-secret"),
            section.list("public-keys", Kinds::file),
            section.optionalString("issuer"),
            section.optionalString("audience"),
            section.string("identity-claim"),
            section.duration("leeway", Duration.ZERO, Duration.ofHours(1)));
    section.close();
    final Optional<String> secret = tokens.hmacSecret();
    section.require(
        secret.isEmpty() || secret.get().getBytes(StandardCharsets.UTF_8).length >= LEAST_SECRET,
        "hmac-secret",
        "must be " + LEAST_SECRET + " bytes or more (openssl rand -base64 48 makes one)");
    for (final Path file : tokens.publicKeys()) {
      section.require(
          Files.isReadable(file), "public-keys", file.toAbsolutePath() + " cannot be read");
    }
    return tokens;
  }

  private static void check(Section section, Section tokens, AuthConfig auth) {
    final Set<Scheme> schemes = auth.schemes();
    final boolean passwords = schemes.contains(Scheme.BASIC) || schemes.contains(Scheme.DIGEST);
    final boolean bearer = schemes.contains(Scheme.BEARER);
    final boolean keys =
        auth.tokens().hmacSecret().isPresent() || !auth.tokens().publicKeys().isEmpty();
    section.require(
        !passwords || !auth.users().isEmpty(),
        "schemes",
        "basic and digest need users: set users or users-file");
    section.require(
        passwords || auth.users().isEmpty(),
        "users",
        "is of no use: schemes has neither basic nor digest");
    section.require(
        !bearer || keys || tokens.hasFailed(),
        "schemes",
        "bearer needs a key: set tokens.hmac-secret or tokens.public-keys");
    section.require(bearer || !keys, "tokens", "is of no use: schemes does not have bearer");
    section.require(
        bearer || auth.queryToken().isEmpty(),
        "query-token",
        "is of no use: schemes does not have bearer");
    section.require(
        bearer || auth.cookie().isEmpty(), "cookie", "is of no use: schemes does not have bearer");
    section.require(
        auth.cookie().orElse("it").matches(TOKEN), "cookie", "must be the name of a cookie");
    section.require(
        !schemes.isEmpty() || auth.allowed().isEmpty(),
        "allowed",
        "is of no use without schemes: nobody is asked who they are");
  }
}
