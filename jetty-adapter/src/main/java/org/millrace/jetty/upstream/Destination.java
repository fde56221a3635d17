package org.millrace.jetty.upstream;

import org.millrace.engine.sip.Target;
import org.millrace.jetty.config.UpstreamConfig;

/**
 * A target and how it is reached.
 *
 * @param domain its name as it is configured, before it was looked up; without the brackets of an
 *     IPv6 address. Its certificate must be this name's.
 */
public record Destination(Target target, UpstreamConfig upstream, String domain) {}
