package org.millrace.jetty.config;

import java.util.List;
import java.util.Map;

/**
 * A servlet filter that handshakes pass after the gate and before the upgrade; it may refuse them.
 *
 * @param className of a {@code jakarta.servlet.Filter} on the class path, with a constructor
 *     without arguments.
 * @param urlPatterns as in servlets, such as /* for all paths.
 * @param init its init parameters.
 */
public record FilterConfig(String className, List<String> urlPatterns, Map<String, String> init) {}
