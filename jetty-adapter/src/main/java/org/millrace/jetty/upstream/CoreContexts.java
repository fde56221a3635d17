package org.millrace.jetty.upstream;

import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.frame.Role;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SipFraming;
import org.millrace.engine.status.SubProtocol;
import org.millrace.jetty.config.CoreConnectionConfig;
import org.millrace.jetty.config.UpstreamConfig;

/** The engine's rules for connections with the core. */
final class CoreContexts {
  /** The core may send in pieces as small as it likes; it has no more time for that than others. */
  private static final int MAX_READS_PER_MESSAGE = 65_536;

  private static final int HIGH_MARK_PART = 4;

  private CoreContexts() {}

  /** Of connections that are accepted. */
  static ConnectionContext accepted(CoreConnectionConfig config) {
    return stream(config, Role.SERVER).conclude();
  }

  /** Of connections that are made. */
  static ConnectionContext made(UpstreamConfig upstream, CoreTransport transport) {
    return transport.isWebSocket()
        ? basic(upstream.connection(), Role.CLIENT)
            .lenientLength(upstream.ws().lenientLength())
            .tolerateInvalidUtf8(upstream.ws().tolerateInvalidUtf8())
            .conclude()
        : stream(upstream.connection(), Role.CLIENT).conclude();
  }

  /** Of a connection that is made for an answer only. */
  static ConnectionContext forAnswers(CoreConnectionConfig config) {
    return stream(config, Role.CLIENT).conclude();
  }

  private static ConnectionContext stream(CoreConnectionConfig config, Role role) {
    final boolean acceptWithoutLength = config.acceptWithoutLength();
    return basic(config, role).framing(max -> new SipFraming(max, acceptWithoutLength));
  }

  private static ConnectionContext basic(CoreConnectionConfig config, Role role) {
    return new ConnectionContext()
        .role(role)
        .subProtocol(SubProtocol.SIP)
        .maxMessageSize(config.maxMessageSize())
        .maxReadsPerMessage(MAX_READS_PER_MESSAGE)
        .keepAliveTimeout(config.keepAlive())
        .pongTimeout(config.keepAliveAnswer())
        .sendTimeout(config.sendTimeout())
        .sendQueueHardLimit(config.sendQueue())
        .sendQueueHighMark(Math.max(1, config.sendQueue() / HIGH_MARK_PART));
  }
}
