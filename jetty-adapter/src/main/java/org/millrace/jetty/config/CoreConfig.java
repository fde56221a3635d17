package org.millrace.jetty.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The embedded registrar.
 *
 * @param domains that it answers for; empty for any.
 * @param digest whether REGISTER has to be authenticated.
 * @param realm of the challenge.
 * @param users name to password.
 */
public record CoreConfig(
    List<String> domains,
    boolean digest,
    String realm,
    Map<String, String> users,
    Duration minExpires,
    Duration defaultExpires,
    Duration maxExpires,
    int maxContactsPerUser,
    int maxBindings) {}
