package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.CloseReply;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.frame.Role;
import org.millrace.engine.status.SubProtocol;

/** What a configuration comes to. */
class ConfigLoaderTest {
  @TempDir private Path directory;

  private static ConnectionContext connection(EdgeConfig config) {
    return config.listeners().get(0).paths().get(0).connection().apply(EdgeSubProtocol.SIP);
  }

  private static PathConfig path(EdgeConfig config) {
    return config.listeners().get(0).paths().get(0);
  }

  private static EdgeConfig ofProfile(String name) throws ConfigErrors {
    return ConfigLoader.load(Optional.empty(), Map.of("profile", name));
  }

  @Test
  void shouldServeByDefault() throws ConfigErrors {
    final EdgeConfig config =
        ConfigLoader.load(Optional.empty(), Map.of("state-directory", "/var/lib/millrace"));

    final ListenerConfig ws = config.listeners().get(0);
    assertThat(ws.name()).isEqualTo("ws");
    assertThat(ws.host()).isEqualTo("0.0.0.0");
    assertThat(ws.port()).isEqualTo(8080);
    assertThat(ws.isSecure()).isFalse();
    assertThat(ws.http2()).isFalse();
    assertThat(ws.page()).isTrue();
    final ListenerConfig wss = config.listeners().get(1);
    assertThat(wss.port()).isEqualTo(8443);
    assertThat(wss.http2()).isTrue();
    assertThat(wss.page()).isTrue();
    assertThat(wss.tls().orElseThrow().selfSigned())
        .contains(Path.of("/var/lib/millrace/self-signed"));
    assertThat(wss.tls().orElseThrow().certificates()).isEmpty();
    assertThat(config.listeners())
        .allSatisfy(
            listener ->
                assertThat(listener.paths())
                    .singleElement()
                    .satisfies(
                        path -> {
                          assertThat(path.path()).isEqualTo("/");
                          assertThat(path.subProtocols()).containsExactly(EdgeSubProtocol.SIP);
                          assertThat(path.auth().schemes()).isEmpty();
                        }));
    assertThat(config.admin())
        .isEqualTo(new AdminConfig(true, "127.0.0.1", 8090, Optional.empty()));
    assertThat(config.core().digest()).isFalse();
    assertThat(config.trustedProxies()).isEmpty();
  }

  @Test
  void shouldHaveTheEnginesOwnDefaultsInProfileStrict() throws ConfigErrors {
    final EdgeConfig config = ofProfile("strict");
    assertThat(connection(config))
        .hasToString(
            new ConnectionContext()
                .role(Role.SERVER)
                .subProtocol(SubProtocol.SIP)
                .conclude()
                .toString());
    final String ofEngine = config.engine().get().seed(1).conclude().toString();
    assertThat(withoutIdentities(ofEngine))
        .isEqualTo(withoutIdentities(new EngineContext().seed(1).toString()));
  }

  private static String withoutIdentities(String settings) {
    return settings.replaceAll("(?m)^ *(maskingKeys|threadFactory|listener|.*Clock)=.*$", "");
  }

  @Test
  void shouldKeepToTheDesignInProfileStrict() throws ConfigErrors {
    final EdgeConfig config = ofProfile("strict");
    final ConnectionContext connection = connection(config);
    assertThat(config.profile()).isEqualTo(Profile.STRICT);
    assertThat(connection.keepAliveMechanism()).isEqualTo(KeepAliveMechanism.PING);
    assertThat(connection.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(connection.sendTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(connection.maxReadsPerMessage()).isEqualTo(64);
    assertThat(connection.closeReply()).isEqualTo(CloseReply.ECHO);
    assertThat(path(config).requireOrigin()).isFalse();
    assertThat(path(config).subProtocolPreference())
        .isEqualTo(PathConfig.SubProtocolPreference.CLIENT);
    assertThat(config.handshake())
        .isEqualTo(
            new HandshakeConfig(
                Duration.ofSeconds(10),
                8192,
                16_384,
                100,
                16_384,
                Duration.ofMillis(50),
                Duration.ofSeconds(2)));
  }

  @Test
  void shouldTakeKamailiosDefaults() throws ConfigErrors {
    final EdgeConfig config = ofProfile("kamailio");
    final ConnectionContext connection = connection(config);
    assertThat(config.profile()).isEqualTo(Profile.KAMAILIO);
    assertThat(connection.keepAliveMechanism()).isEqualTo(KeepAliveMechanism.PING);
    assertThat(connection.keepAliveTimeout()).isEqualTo(Duration.ofMinutes(3));
    assertThat(connection.pongTimeout()).isEqualTo(Duration.ofMinutes(3));
    assertThat(connection.keepAliveJitter()).isZero();
    assertThat(connection.keepAliveData()).asString().isEqualTo("millrace");
    assertThat(connection.closeReply()).isEqualTo(CloseReply.NORMAL_CLOSURE);
    assertThat(connection.sendTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(path(config).subProtocolPreference())
        .isEqualTo(PathConfig.SubProtocolPreference.SERVER);
    assertThat(path(config).corsMode()).isEqualTo(PathConfig.CorsMode.NONE);
    assertThat(path(config).requireOrigin()).isFalse();
  }

  @Test
  void shouldTakeOpensipsDefaults() throws ConfigErrors {
    final EdgeConfig config = ofProfile("opensips");
    final ConnectionContext connection = connection(config);
    assertThat(config.profile()).isEqualTo(Profile.OPENSIPS);
    assertThat(connection.keepAliveMechanism()).isEqualTo(KeepAliveMechanism.NONE);
    assertThat(connection.sendTimeout()).isEqualTo(Duration.ofMillis(100));
    assertThat(connection.maxReadsPerMessage()).isEqualTo(4);
    assertThat(path(config).requireOrigin()).isTrue();
    assertThat(path(config).strictPipelining()).isTrue();
    assertThat(config.handshake().timeout()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void shouldLetKeysOverrideTheProfile() throws ConfigErrors {
    final EdgeConfig config =
        ConfigFiles.load(
            directory,
            """
            millrace {
              profile = opensips
              connection.send-timeout = 5 s
              paths.sip.require-origin = false
            }
            """);
    assertThat(connection(config).sendTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(connection(config).maxReadsPerMessage()).isEqualTo(4);
    assertThat(path(config).requireOrigin()).isFalse();
  }

  @Test
  void shouldLetAPathOverrideTheRulesOfConnections() throws ConfigErrors {
    final EdgeConfig config =
        ConfigFiles.load(
            directory,
            """
            millrace {
              listen = [ws]
              listeners.ws.paths = [echo, sip]
              connection.ping-rate = 7
              paths.echo {
                path = /echo
                sub-protocols = [echo]
                sub-protocol-required = false
                connection.max-message-size = 16 MiB
              }
            }
            """);
    final ConnectionContext echo = path(config).connection().apply(EdgeSubProtocol.ECHO);
    final ConnectionContext sip =
        config.listeners().get(0).paths().get(1).connection().apply(EdgeSubProtocol.SIP);
    assertThat(echo.maxMessageSize()).isEqualTo(16 << 20);
    assertThat(echo.subProtocol()).isEqualTo(SubProtocol.OTHER);
    assertThat(echo.pingRate()).isEqualTo(7);
    assertThat(sip.maxMessageSize()).isEqualTo(65_536);
    assertThat(sip.pingRate()).isEqualTo(7);
    assertThat(sip.subProtocol()).isEqualTo(SubProtocol.SIP);
    assertThat(sip.isConcluded()).isTrue();
  }

  @Test
  void shouldReadAListenerOfTheUsersOwn() throws Exception {
    Files.writeString(directory.resolve("a.pem"), "");
    Files.writeString(directory.resolve("a.key"), "");
    Files.writeString(directory.resolve("b.p12"), "");
    Files.writeString(directory.resolve("users"), "bob:s3:cret\n");
    final EdgeConfig config =
        ConfigFiles.load(
            directory,
            """
            variables { name = example.com }
            millrace {
              listen = [edge]
              trusted-proxies = ["10.0.0.0/8", "2001:db8::/32"]
              listeners.edge {
                host = "[::]", port = 0, tls = example, http2 = yes, proxy-protocol = true
                advertised = "[2001:db8::1]:443"
              }
              tls.example {
                certificates = [{ chain = a.pem, key = a.key }, { chain = b.p12, password = 0815 }]
                protocols = [TLSv1.3]
              }
              paths.sip {
                path = /sip
                allowed-origins = ["https://"${variables.name}, "https://*.example.com:8443", "null"]
                allowed-hosts = [${variables.name}, "[2001:db8::1]:443"]
                cors-mode = origin
                auth { schemes = [digest, bearer], users { alice = 0123 }, users-file = users
                       tokens.hmac-secret = 0123456789abcdef0123456789abcdef
                       query-token = token, allowed = [alice] }
              }
            }
            """);
    final ListenerConfig edge = config.listeners().get(0);
    assertThat(config.listeners()).hasSize(1);
    assertThat(edge.host()).isEqualTo("::");
    assertThat(edge.page()).isFalse();
    assertThat(edge.http2()).isTrue();
    assertThat(edge.advertised()).contains("[2001:db8::1]:443");
    assertThat(edge.tls().orElseThrow().certificates())
        .containsExactly(
            new TlsConfig.Certificate(
                directory.resolve("a.pem"),
                Optional.of(directory.resolve("a.key")),
                Optional.empty()),
            new TlsConfig.Certificate(
                directory.resolve("b.p12"), Optional.empty(), Optional.of("0815")));
    final PathConfig path = edge.paths().get(0);
    assertThat(path.allowedOrigins())
        .containsExactly("https://example.com", "https://*.example.com:8443", "null");
    assertThat(path.allowedHosts()).containsExactly("example.com", "[2001:db8::1]:443");
    assertThat(path.auth().users()).isEqualTo(Map.of("alice", "0123", "bob", "s3:cret"));
    assertThat(path.auth().schemes())
        .containsExactlyInAnyOrder(AuthConfig.Scheme.DIGEST, AuthConfig.Scheme.BEARER);
    assertThat(path.auth().queryToken()).contains("token");
  }

  @Test
  void shouldSubstituteTheEnvironment() throws ConfigErrors {
    final EdgeConfig config =
        ConfigFiles.load(
            directory,
            "millrace.core.realm = none, millrace.core.realm = ${?PATH_THAT_IS_NOT_SET}");
    assertThat(config.core().realm()).isEqualTo("none");
    assertThat(ConfigFiles.load(directory, "millrace.core.realm = \"x\"${PATH}").core().realm())
        .isEqualTo("x" + System.getenv("PATH"));
  }

  @Test
  void shouldTakeOptionsAsTheyStand() throws ConfigErrors {
    final EdgeConfig config =
        ConfigLoader.load(
            Optional.empty(),
            Map.of(
                "listen", "[wss]",
                "millrace.listeners.wss.host", "[::1]",
                "listeners.wss.port", "9443",
                "core.realm", "a#b, //c",
                "admin.enabled", "no",
                "listeners.wss.advertised", "null",
                "core.domains", "[a.example, b.example]"));
    assertThat(config.listeners())
        .singleElement()
        .satisfies(
            listener -> {
              assertThat(listener.host()).isEqualTo("::1");
              assertThat(listener.port()).isEqualTo(9443);
              assertThat(listener.advertised()).isEmpty();
            });
    assertThat(config.core().realm()).isEqualTo("a#b, //c");
    assertThat(config.core().domains()).isEqualTo(List.of("a.example", "b.example"));
    assertThat(config.admin().enabled()).isFalse();
  }

  @Test
  void shouldLetTheTablesGrowWithTheLimit() throws ConfigErrors {
    final EdgeConfig config =
        ConfigLoader.load(Optional.empty(), Map.of("limits.connections", "300000"));
    assertThat(config.limits().connections()).isEqualTo(300_000);
    assertThat(config.engine().get().conclude().maxConnections()).isEqualTo(300_000);
  }

  @Test
  void shouldMakeANewContextEachTime() throws ConfigErrors {
    final EdgeConfig config = ofProfile("strict");
    assertThat(config.engine().get()).isNotSameAs(config.engine().get());
  }

  @Test
  void shouldDumpWithOriginsAndWithoutSecrets() throws ConfigErrors {
    final Path file =
        ConfigFiles.write(
            directory,
            """
            millrace {
              admin.token = verysecretverysecret
              core { digest = true, users { alice = sesame } }
              profile = opensips
            }
            """);
    final String dump =
        new ConfigLoader(Optional.of(file), Map.of("admin.port", "0"), KeyFileCheck.NONE).dump();
    assertThat(dump)
        .doesNotContain("verysecret", "sesame")
        .containsPattern("millrace.admin.token = \"\\*+\" +# " + file + ":2\n")
        .containsPattern("millrace.core.users.alice = \"\\*+\" +# " + file + ":3\n")
        .containsPattern("millrace.admin.port = \"0\" +# -D admin.port\n")
        .containsPattern("millrace.connection.send-timeout = \"100 ms\" +# profile-opensips.conf:")
        .containsPattern("millrace.sip.max-bad-messages = 10 +# reference.conf:\\d+\n");
  }
}
