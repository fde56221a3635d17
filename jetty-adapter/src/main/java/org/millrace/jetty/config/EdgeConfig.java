package org.millrace.jetty.config;

import java.util.List;
import java.util.function.Supplier;
import org.millrace.engine.EngineContext;

/**
 * Everything that can be configured, checked and with all defaults applied.
 *
 * @param trustedProxies peers whose Forwarded, X-Forwarded-For and PROXY headers are believed.
 * @param filters in the order in which handshakes pass them.
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
    AdminConfig admin,
    DrainConfig drain,
    Supplier<EngineContext> engine) {}
