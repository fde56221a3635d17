package org.millrace.jetty.config;

import java.util.Optional;

/**
 * The listener for operators.
 *
 * @param enabled whether there is an admin listener.
 * @param host loopback, unless there is a token.
 * @param port 0 for any free one.
 * @param token that requests must bear; empty for none.
 */
public record AdminConfig(boolean enabled, String host, int port, Optional<String> token) {}
