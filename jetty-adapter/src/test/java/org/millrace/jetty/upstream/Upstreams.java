package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.engine.sip.SizeRule;
import org.millrace.jetty.config.ConfigErrors;
import org.millrace.jetty.config.ConfigLoader;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.HealthConfig;
import org.millrace.jetty.config.UpstreamConfig;

/** Upstreams of tests, read from their configuration. */
final class Upstreams {
  private Upstreams() {}

  /** With a socket for UDP and one for TCP, and one upstream, pbx. */
  static EdgeConfig config(String targets) {
    try {
      return ConfigLoader.load(
          Optional.empty(),
          Map.of(
              "core-sockets.udp", "{ transport = udp, host = 127.0.0.1, id = 1 }",
              "core-sockets.tcp", "{ transport = tcp, host = 127.0.0.1, id = 2 }",
              "upstreams.pbx.targets", targets,
              "paths.sip.upstream", "pbx"));
    } catch (ConfigErrors e) {
      throw new IllegalArgumentException(e);
    }
  }

  static UpstreamConfig with(UpstreamConfig upstream, SizeRule.Oversize oversize) {
    return new UpstreamConfig(
        upstream.name(),
        upstream.targets(),
        upstream.maxConnections(),
        upstream.connectTimeout(),
        upstream.queueMessages(),
        upstream.queueBytes(),
        upstream.reconnectMax(),
        upstream.connection(),
        upstream.ws(),
        upstream.tls(),
        List.of(),
        new SizeRule(upstream.sizeRule().most(), oversize),
        upstream.health());
  }

  static HealthConfig health() {
    return new HealthConfig(
        true,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        2,
        3,
        Set.of(404));
  }
}
