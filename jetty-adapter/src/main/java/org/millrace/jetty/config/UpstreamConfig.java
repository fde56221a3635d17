package org.millrace.jetty.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.SizeRule;

/**
 * A group of targets in the core, and how connections with them are made.
 *
 * @param name of the group; the key in the configuration.
 * @param maxConnections with each target; each thread that sends keeps to one of them.
 * @param connectTimeout for everything until a connection is open: TCP, TLS, the opening handshake.
 * @param queueMessages that wait while a connection is being made.
 * @param queueBytes of them.
 * @param reconnectMax longest pause between two attempts.
 * @param ws the opening handshake, for targets over WS and WSS.
 * @param tls for targets over TLS and WSS.
 * @param trusted addresses, besides those of the targets, that requests are taken from (C-2).
 * @param sizeRule which requests are too long for UDP, and what becomes of them (C-65).
 * @param health how it is found out which targets are well.
 */
public record UpstreamConfig(
    String name,
    List<TargetConfig> targets,
    int maxConnections,
    Duration connectTimeout,
    int queueMessages,
    int queueBytes,
    Duration reconnectMax,
    CoreConnectionConfig connection,
    WsClientConfig ws,
    UpstreamTlsConfig tls,
    List<Network> trusted,
    SizeRule sizeRule,
    HealthConfig health) {

  /**
   * One next hop, or several behind one name.
   *
   * @param host a name or an address, an IPv6 address without brackets. The certificate of a TLS
   *     target must be this name's.
   * @param port empty for that of SRV records or the transport's own.
   * @param secure whether only TLS and WSS may be used: {@code sips}.
   * @param transport empty where DNS decides (RFC 3263).
   * @param sockets names of the {@link CoreSocketConfig}s by which requests leave, for each
   *     transport that may be used.
   * @param priority 0 to 65535, the lowest first.
   * @param weight 0 to {@value #LARGEST_WEIGHT}.
   */
  public record TargetConfig(
      String host,
      OptionalInt port,
      boolean secure,
      Optional<CoreTransport> transport,
      Map<CoreTransport, String> sockets,
      int priority,
      int weight) {
    /** Weights are divided among the records of a name, hence not all that a target may have. */
    public static final int LARGEST_WEIGHT = 1000;
  }

  /**
   * The opening handshake as a client.
   *
   * @param path with the query, beginning with a slash.
   * @param origin a serialised origin, or empty for no such field.
   * @param subProtocol to ask for, and insist on.
   * @param headers further fields of the request, such as Authorization.
   * @param acceptSubProtocolList whether the answer may list several that contain ours (jSIP).
   * @param lenientLength as {@link
   *     org.millrace.engine.connection.ConnectionContext#lenientLength()}.
   * @param tolerateInvalidUtf8 likewise.
   */
  public record WsClientConfig(
      String path,
      Optional<String> origin,
      String subProtocol,
      List<Header> headers,
      boolean acceptSubProtocolList,
      boolean lenientLength,
      boolean tolerateInvalidUtf8) {}

  /** A field of the opening handshake. */
  public record Header(String name, String value) {}

  /**
   * TLS as a client.
   *
   * @param certificate to show when asked for one.
   * @param trusted PEM file with the authorities; empty for those of the Java runtime.
   * @param checkDomain whether the certificate must be the target's (RFC 5922; RFC 9110 with WSS).
   * @param protocols such as TLSv1.3; empty for the defaults.
   * @param cipherSuites by their JSSE names; empty for the defaults.
   */
  public record UpstreamTlsConfig(
      Optional<TlsConfig.Certificate> certificate,
      Optional<Path> trusted,
      boolean checkDomain,
      List<String> protocols,
      List<String> cipherSuites) {}
}
