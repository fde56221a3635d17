package org.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.jetty.Edge;
import org.millrace.jetty.config.ConfigLoader;

/** Over TLS, with our own edge and the certificate that it makes for itself. */
class SecureLoadTest {
  @TempDir private static Path state;

  private static Edge edge;

  @BeforeAll
  static void startEdge() throws Exception {
    final Map<String, String> settings = new LinkedHashMap<>();
    settings.put("state-directory", state.toString());
    settings.put("listen", "[wss]");
    settings.put("listeners.wss.host", "127.0.0.1");
    settings.put("listeners.wss.port", "0");
    settings.put("listeners.wss.paths", "[echo]");
    settings.put("paths.echo.path", "/echo");
    settings.put("paths.echo.sub-protocols", "[echo]");
    settings.put("paths.echo.connection.max-message-size", "1 MiB");
    settings.put("engine.shards", "1");
    settings.put("admin.enabled", "false");
    edge = Edge.launch(ConfigLoader.load(Optional.empty(), settings));
  }

  @AfterAll
  static void stopEdge() throws Exception {
    edge.close();
  }

  private static LoadPlanBuilder plan(Trust trust) {
    final int port = edge.addresses().get(0).getPort();
    return LoadPlan.of(URI.create("wss://127.0.0.1:" + port + "/echo"), Scenario.ECHO)
        .subProtocol("echo")
        .connections(4)
        .warmUp(Duration.ZERO)
        .trust(trust)
        .rate(200, Duration.ofMillis(500));
  }

  private static LoadResult run(LoadPlanBuilder plan) throws IOException {
    return LoadRun.run(plan.build(), line -> {});
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 20_000, 70_000})
  void messagesOfAnyLengthAreEchoed(int payload) throws IOException {
    final LoadResult result =
        run(plan(Trust.ANY).payload(payload).rate(40, Duration.ofMillis(500)));
    assertThat(result.errors()).isEmpty();
    assertThat(result.answered()).isEqualTo(20);
  }

  @Test
  void manyMessagesAtOnceAreEchoed() throws IOException {
    final LoadResult result = run(plan(Trust.ANY).pace(Pace.closed(16, Duration.ofSeconds(1))));
    assertThat(result.isClean()).isTrue();
    assertThat(result.answered()).isGreaterThan(4 * 16);
  }

  @Test
  void slowReadersOpenARecordNowAndThen() throws IOException {
    final LoadResult result =
        run(
            LoadPlan.of(plan(Trust.ANY).build().server(), Scenario.SLOW)
                .subProtocol("echo")
                .connections(4)
                .warmUp(Duration.ZERO)
                .trust(Trust.ANY)
                .slow(new LoadPlan.SlowReaders(0.5, 100_000))
                .rate(200, Duration.ofMillis(500)));
    assertThat(result.answered()).isEqualTo(100);
    assertThat(result.errors()).isEmpty();
  }

  @Test
  void aCertificateOfNobodyIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> run(plan(Trust.SYSTEM)))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("--trust")
        .hasMessageContaining("--insecure");
  }

  @Test
  void aCertificateThatIsNamedIsTrusted() throws IOException {
    final LoadResult result =
        run(plan(Trust.of(state.resolve("self-signed").resolve("self-signed.crt"))));
    assertThat(result.isClean()).isTrue();
  }
}
