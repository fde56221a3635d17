package org.millrace.jetty.handshake;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.jetty.config.AdminConfig;
import org.millrace.jetty.config.AuthConfig;
import org.millrace.jetty.config.CoreConfig;
import org.millrace.jetty.config.DnsConfig;
import org.millrace.jetty.config.DrainConfig;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.EdgeProxyConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.HandshakeConfig;
import org.millrace.jetty.config.LimitsConfig;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.Network;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.config.Profile;
import org.millrace.jetty.config.SipConfig;
import org.millrace.jetty.config.TlsConfig;

/** Configuration of a {@link TestEdge}: strict, one path {@code /ws} that speaks sip. */
final class TestConfig {
  static final AuthConfig.Tokens NO_TOKENS =
      new AuthConfig.Tokens(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          "sub",
          Duration.ofSeconds(30));
  static final AuthConfig ANYBODY = auth(Set.of());

  Profile profile = Profile.STRICT;
  List<EdgeSubProtocol> subProtocols = List.of(EdgeSubProtocol.SIP);
  boolean subProtocolRequired = true;
  PathConfig.SubProtocolPreference preference = PathConfig.SubProtocolPreference.CLIENT;
  List<String> origins = List.of();
  boolean requireOrigin;
  List<String> hosts = List.of();
  PathConfig.CorsMode cors = PathConfig.CorsMode.NONE;
  boolean strictPipelining;
  AuthConfig auth = ANYBODY;
  boolean tls;
  boolean tlsTerminatedUpstream;
  boolean proxyProtocol;
  boolean page;
  List<Network> trustedProxies = List.of();
  Duration timeout = Duration.ofSeconds(10);
  Duration linger = Duration.ofSeconds(2);
  int connections = 1000;
  int connectionsPerAddress;
  int rate;
  int burst = 1;
  int ratePerAddress;
  int burstPerAddress = 1;
  LongSupplier clock = System::nanoTime;

  static AuthConfig auth(Set<AuthConfig.Scheme> schemes) {
    return auth(schemes, NO_TOKENS, Optional.empty(), Optional.empty(), Set.of());
  }

  static AuthConfig auth(
      Set<AuthConfig.Scheme> schemes,
      AuthConfig.Tokens tokens,
      Optional<String> queryToken,
      Optional<String> cookie,
      Set<String> allowed) {
    return new AuthConfig(
        schemes,
        "edge.example.com",
        Map.of("alice", "wonderland", "bob", "pa\u00dfwort"),
        Duration.ofMinutes(5),
        tokens,
        queryToken,
        cookie,
        allowed);
  }

  boolean proxyProtocol() {
    return proxyProtocol;
  }

  LongSupplier nanoClock() {
    return clock;
  }

  LimitsConfig limits() {
    return new LimitsConfig(
        connections,
        connectionsPerAddress,
        rate,
        burst,
        ratePerAddress,
        burstPerAddress,
        64,
        1000,
        Duration.ofSeconds(7));
  }

  ListenerConfig listener() {
    final Optional<TlsConfig> tlsConfig =
        tls
            ? Optional.of(
                new TlsConfig(
                    List.of(),
                    Optional.empty(),
                    TlsConfig.ClientAuth.WANT,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    100))
            : Optional.empty();
    return new ListenerConfig(
        "public",
        "127.0.0.1",
        0,
        tlsConfig,
        tlsTerminatedUpstream,
        tls,
        proxyProtocol,
        64,
        page,
        Optional.empty(),
        List.of(path()));
  }

  private PathConfig path() {
    return new PathConfig(
        "/ws",
        subProtocols,
        subProtocolRequired,
        preference,
        origins,
        requireOrigin,
        hosts,
        cors,
        strictPipelining,
        auth,
        Optional.empty(),
        subProtocol -> new ConnectionContext().conclude());
  }

  EdgeConfig edge() {
    return new EdgeConfig(
        profile,
        List.of(listener()),
        new HandshakeConfig(timeout, 8192, 16384, 100, 16384, Duration.ofMillis(50), linger),
        limits(),
        trustedProxies,
        List.of(),
        new SipConfig(10, 256, 65_536, 0, 100, 1000),
        new CoreConfig(
            List.of(),
            false,
            "",
            Map.of(),
            Duration.ofSeconds(60),
            Duration.ofSeconds(600),
            Duration.ofSeconds(3600),
            5,
            1000),
        List.of(),
        List.of(),
        new EdgeProxyConfig(
            0, Optional.empty(), Path.of("edge.keys"), true, List.of(), 0, null, null),
        new DnsConfig(List.of(), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofHours(1)),
        new AdminConfig(false, "127.0.0.1", 0, Optional.empty()),
        new DrainConfig(Duration.ZERO, Duration.ZERO, Duration.ZERO),
        EngineContext::new);
  }
}
