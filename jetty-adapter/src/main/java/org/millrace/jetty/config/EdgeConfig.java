package org.millrace.jetty.config;

import java.util.List;
import java.util.function.Supplier;
import org.millrace.engine.EngineContext;

/**
 * Everything that can be configured, checked and with all defaults applied.
 *
 * @param trustedProxies peers whose Forwarded, X-Forwarded-For and PROXY headers are believed.
 * @param filters in the order in which handshakes pass them.
 * @param core what is behind paths without an upstream.
 * @param coreSockets addresses of this side that the core knows.
 * @param upstreams what is behind the other paths.
 * @param edge the proxy between those and their upstreams.
 * @param engine a new, not yet concluded context each time.
 */
public record EdgeConfig(
    Profile profile,
    List<ListenerConfig> listeners,
    HandshakeConfig handshake,
    LimitsConfig limits,
    List<Network> trustedProxies,
    List<FilterConfig> filters,
    SipConfig sip,
    CoreConfig core,
    List<CoreSocketConfig> coreSockets,
    List<UpstreamConfig> upstreams,
    EdgeProxyConfig edge,
    DnsConfig dns,
    AdminConfig admin,
    DrainConfig drain,
    Supplier<EngineContext> engine) {}
