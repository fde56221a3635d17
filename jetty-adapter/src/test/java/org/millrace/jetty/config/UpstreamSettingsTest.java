package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.EdgePolicy;
import org.millrace.engine.sip.EdgePolicy.Mode;
import org.millrace.engine.sip.EdgePolicy.Transactions;
import org.millrace.engine.sip.SipTimers;
import org.millrace.engine.sip.SizeRule;
import org.millrace.engine.sip.TransactionSettings;
import org.millrace.jetty.config.UpstreamConfig.Header;
import org.millrace.jetty.config.UpstreamConfig.TargetConfig;

/** What is written about the core arrives where it is used. */
class UpstreamSettingsTest {
  private static final String SOCKETS =
      """
      millrace.core-sockets {
        udp { transport = udp, host = "10.0.0.5" }
        tcp { transport = tcp, host = "10.0.0.5", port = 5070, advertised = "edge.example:5080" }
        tls { transport = tls, host = "::", tls = self-signed, advertised = "2001:db8::1" }
        wss { transport = wss, host = "10.0.0.5", advertised = "[2001:db8::1]:99" }
        ws { transport = ws, host = "10.0.0.5" }
      }
      millrace.paths.sip.upstream = pbx
      """;

  @TempDir private Path directory;

  private EdgeConfig load(String text) throws ConfigErrors {
    return ConfigFiles.load(directory, text);
  }

  private TargetConfig target(String target) throws ConfigErrors {
    return load(SOCKETS + "millrace.upstreams.pbx.targets = [" + target + "]")
        .upstreams()
        .get(0)
        .targets()
        .get(0);
  }

  @Test
  void shouldHaveNothingOfTheCoreByDefault() throws Exception {
    final EdgeConfig config = load("millrace.state-directory = \"" + directory + "\"");
    assertThat(config.coreSockets()).isEmpty();
    assertThat(config.upstreams()).isEmpty();
    assertThat(config.listeners().get(0).paths().get(0).upstream()).isEmpty();
    assertThat(config.edge().keys()).isEmpty();
  }

  @Test
  void shouldReadCoreSocketsWithIdsByTheirNames() throws Exception {
    final List<CoreSocketConfig> sockets =
        load(SOCKETS
                + "millrace { upstreams.pbx.targets = [\"sip:10.0.0.9\"], core-sockets.ws.id = 1 }")
            .coreSockets();
    assertThat(sockets)
        .extracting(
            CoreSocketConfig::name,
            CoreSocketConfig::id,
            CoreSocketConfig::transport,
            CoreSocketConfig::port,
            CoreSocketConfig::advertisedHost,
            CoreSocketConfig::advertisedPort)
        .containsExactly(
            tuple("tcp", 0, CoreTransport.TCP, 5070, "edge.example", 5080),
            tuple("tls", 2, CoreTransport.TLS, 5061, "[2001:db8::1]", -1),
            tuple("udp", 3, CoreTransport.UDP, 5060, null, -1),
            tuple("ws", 1, CoreTransport.WS, 0, null, -1),
            tuple("wss", 4, CoreTransport.WSS, 0, "[2001:db8::1]", 99));
    assertThat(sockets.get(1).tls()).isPresent();
  }

  private static Tuple tuple(
      String name, int id, CoreTransport transport, int port, String host, int advertisedPort) {
    return Tuple.tuple(
        name,
        id,
        transport,
        port,
        Optional.ofNullable(host),
        advertisedPort < 0 ? OptionalInt.empty() : OptionalInt.of(advertisedPort));
  }

  /** Host, port, secure, transport and core sockets of a target. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sip:10.0.0.9                      | 10.0.0.9    |      | false | UDP | {UDP=udp}
          sip:10.0.0.9:5070;transport=TCP   | 10.0.0.9    | 5070 | false | TCP | {TCP=tcp}
          SIP:[2001:db8::9]:5070            | 2001:db8::9 | 5070 | false | UDP | {UDP=udp}
          sip:[2001:db8::9]                 | 2001:db8::9 |      | false | UDP | {UDP=udp}
          sip:pbx.example:5070              | pbx.example | 5070 | false | UDP | {UDP=udp}
          sips:pbx.example:5070             | pbx.example | 5070 | true  | TLS | {TLS=tls}
          sips:pbx.example;transport=tcp    | pbx.example |      | true  | TLS | {TLS=tls}
          sip:pbx.example;lr;transport=tls  | pbx.example |      | true  | TLS | {TLS=tls}
          sip:pbx.example;transport=ws      | pbx.example |      | false | WS  | {WS=ws}
          sips:pbx.example;transport=ws     | pbx.example |      | true  | WSS | {WSS=wss}
          sip:pbx.example;transport=wss     | pbx.example |      | true  | WSS | {WSS=wss}
          sip:pbx.example                   | pbx.example |      | false |     | {UDP=udp, TCP=tcp, TLS=tls, WS=ws, WSS=wss}
          sips:pbx.example                  | pbx.example |      | true  |     | {TLS=tls, WSS=wss}
          """)
  void shouldReadTargets(
      String uri,
      String host,
      Integer port,
      boolean secure,
      CoreTransport transport,
      String sockets)
      throws Exception {
    final TargetConfig target = target('"' + uri + '"');
    assertThat(target.host()).isEqualTo(host);
    assertThat(target.port()).isEqualTo(port == null ? OptionalInt.empty() : OptionalInt.of(port));
    assertThat(target.secure()).isEqualTo(secure);
    assertThat(target.transport()).isEqualTo(Optional.ofNullable(transport));
    assertThat(new TreeMap<>(target.sockets()).toString()).isEqualTo(sockets);
    assertThat(target.priority()).isZero();
    assertThat(target.weight()).isEqualTo(100);
  }

  @Test
  void shouldReadTargetsAsObjectsAndTheirDefaults() throws Exception {
    assertThat(target("{ uri = \"sip:pbx.example\", socket = tcp, priority = 7, weight = 3 }"))
        .isEqualTo(
            new TargetConfig(
                "pbx.example",
                OptionalInt.empty(),
                false,
                Optional.empty(),
                Map.of(CoreTransport.TCP, "tcp"),
                7,
                3));
    assertThat(
            load(SOCKETS
                    + "millrace { upstreams.pbx.targets = [\"sip:10.0.0.9\"],"
                    + " defaults.target.priority = 5 }")
                .upstreams()
                .get(0)
                .targets()
                .get(0)
                .priority())
        .isEqualTo(5);
  }

  @Test
  void shouldReadAllOfAnUpstream() throws Exception {
    final UpstreamConfig upstream =
        load(SOCKETS
                + """
                    millrace.core-connection.keep-alive = 20 s
                    millrace.upstreams.pbx {
                      targets = ["sip:10.0.0.9"]
                      max-connections = 2
                      connect-timeout = 3 s
                      queue-messages = 4
                      queue-size = 5 KiB
                      reconnect-max = 6 s
                      udp-max-size = 700 B
                      udp-oversize = reject
                      trusted = ["10.1.0.0/16"]
                      connection { keep-alive-answer = 8 s, accept-without-length = true }
                      ws {
                        path = "/sip?x=1"
                        origin = "https://edge.example"
                        sub-protocol = sip2
                        headers { Authorization = "Basic eDp5" }
                        accept-sub-protocol-list = true
                        lenient-length = true
                        tolerate-invalid-utf8 = true
                      }
                      tls { check-domain = false, protocols = [TLSv1.3] }
                      health { interval = 9 s, steady-interval = 11 s, timeout = 1 s, up-after = 4,
                               down-after = 5, bad-statuses = [404, 500] }
                    }
                    """)
            .upstreams()
            .get(0);
    assertThat(upstream.maxConnections()).isEqualTo(2);
    assertThat(upstream.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(upstream.queueMessages()).isEqualTo(4);
    assertThat(upstream.queueBytes()).isEqualTo(5 * 1024);
    assertThat(upstream.reconnectMax()).isEqualTo(Duration.ofSeconds(6));
    assertThat(upstream.sizeRule()).isEqualTo(new SizeRule(700, SizeRule.Oversize.REJECT));
    assertThat(upstream.trusted().get(0).contains(InetAddress.getByName("10.1.2.3"))).isTrue();
    assertThat(upstream.connection().keepAlive()).isEqualTo(Duration.ofSeconds(20));
    assertThat(upstream.connection().keepAliveAnswer()).isEqualTo(Duration.ofSeconds(8));
    assertThat(upstream.connection().acceptWithoutLength()).isTrue();
    assertThat(upstream.ws())
        .isEqualTo(
            new UpstreamConfig.WsClientConfig(
                "/sip?x=1",
                Optional.of("https://edge.example"),
                "sip2",
                List.of(new Header("Authorization", "Basic eDp5")),
                true,
                true,
                true));
    assertThat(upstream.tls())
        .isEqualTo(
            new UpstreamConfig.UpstreamTlsConfig(
                Optional.empty(), Optional.empty(), false, List.of("TLSv1.3"), List.of()));
    assertThat(upstream.health())
        .isEqualTo(
            new HealthConfig(
                true,
                Duration.ofSeconds(9),
                Duration.ofSeconds(11),
                Duration.ofSeconds(1),
                4,
                5,
                Set.of(404, 500)));
  }

  private EdgePolicy policy(String text) throws ConfigErrors {
    return load(SOCKETS + "millrace { upstreams.pbx.targets = [\"sip:10.0.0.9\"]\n" + text + "}")
        .listeners()
        .get(0)
        .paths()
        .get(0)
        .upstream()
        .orElseThrow();
  }

  @Test
  void shouldReadTheRoutingOfAPath() throws Exception {
    assertThat(policy("")).isEqualTo(EdgePolicy.to("pbx"));
    assertThat(
            policy(
                """
                paths.sip.routing {
                  mode = both, force-path = false, require-path = true, double-path = true
                  single-record-route = true, add-received = true, flow-timer = 20 s
                  assert-identity = true, alias-mac = false, transactions = transaction
                }
                """))
        .isEqualTo(
            new EdgePolicy(
                Mode.BOTH,
                "pbx",
                false,
                true,
                true,
                true,
                true,
                20,
                true,
                false,
                Transactions.TRANSACTION));
  }

  @Test
  void shouldRouteAsKamailioDoesWithItsProfile() throws Exception {
    assertThat(policy("profile = kamailio"))
        .isEqualTo(
            new EdgePolicy(
                Mode.ALIAS,
                "pbx",
                true,
                false,
                false,
                false,
                true,
                0,
                false,
                false,
                Transactions.AUTO));
    assertThat(policy("profile = kamailio, paths.sip.routing.mode = outbound").mode())
        .isEqualTo(Mode.OUTBOUND);
    assertThat(policy("profile = opensips")).isEqualTo(EdgePolicy.to("pbx"));
  }

  private TransactionSettings transactions(String text) throws ConfigErrors {
    final EdgeProxyConfig edge = load(text).edge();
    return edge.transactionMode().settings(edge.transactions());
  }

  @Test
  void shouldReadTheBoundsOfTransactions() throws Exception {
    assertThat(transactions("")).isEqualTo(TransactionSettings.DEFAULT);
    assertThat(
            transactions(
                """
                millrace.edge {
                  transactions { t1 = 100 ms, t2 = 1 s }
                  transaction-mode {
                    timer-c = 200 s, failover-after = 2 s, max-targets = 5, max = 7, memory = 1 MiB
                  }
                }
                """))
        .isEqualTo(
            new TransactionSettings(
                new SipTimers(100_000_000L, 1_000_000_000L),
                200_000_000_000L,
                2_000_000_000L,
                5,
                7,
                1024 * 1024));
    assertThat(transactions("millrace.edge.transactions.t1 = 100 ms").failoverNs())
        .as("64 times t1, which is less than the default")
        .isEqualTo(6_400_000_000L);
  }

  @Test
  void shouldReadKeysFromHere() throws Exception {
    final EdgeKeys keys =
        load("""
                millrace.edge {
                  flow-keys { 1 = "%s", 2 = "%s" }
                  current-flow-key = 2
                  branch-key = "%s"
                }
                """
                .formatted("11".repeat(16), "22".repeat(16), "33".repeat(16)))
            .edge()
            .keys()
            .orElseThrow();
    assertThat(keys.flow()).containsOnlyKeys(1, 2);
    assertThat(keys.flow().get(2)).containsOnly(0x22).hasSize(16);
    assertThat(keys.current()).isEqualTo(2);
    assertThat(keys.branch()).containsOnly(0x33);
  }

  @Test
  void shouldMakeAFileOfKeysForItselfOnly() throws Exception {
    final Path file = directory.resolve("state/edge.keys");
    final EdgeConfig before = load("millrace.state-directory = state");
    assertThat(before.edge().keyFile()).isEqualTo(file);
    assertThat(before.edge().keys()).isEmpty();
    assertThat(file).as("looking at a configuration makes nothing").doesNotExist();
    final EdgeKeys made = EdgeKeys.readOrMake(file);
    assertThat(made.flow().get(made.current())).hasSize(32);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(file.getParent().toFile().list()).containsExactly("edge.keys");
    final EdgeKeys read = load("millrace.state-directory = state").edge().keys().orElseThrow();
    assertThat(read.branch())
        .isEqualTo(made.branch())
        .isEqualTo(EdgeKeys.readOrMake(file).branch());
  }

  @Test
  void shouldNotShowSecrets() throws Exception {
    final Path file =
        ConfigFiles.write(
            directory,
            SOCKETS
                + """
                millrace.upstreams.pbx {
                  targets = ["sip:10.0.0.9"], ws.headers { Authorization = hidden1 }
                  tls.password = hidden2
                }
                millrace.edge { flow-keys { 3 = "%s" }, branch-key = "%s" }
                """
                    .formatted("ab".repeat(16), "cd".repeat(16)));
    assertThat(new ConfigLoader(Optional.of(file), Map.of(), KeyFileCheck.NONE).dump())
        .contains("millrace.upstreams.pbx.udp-max-size = \"1300 B\"")
        .doesNotContain("hidden1", "hidden2", "abab", "cdcd");
  }
}
