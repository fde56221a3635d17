package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.KeepAliveMechanism;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.status.EngineCounter;
import org.millrace.engine.status.SubProtocol;
import org.millrace.jetty.config.AdminConfig;
import org.millrace.jetty.config.DrainConfig;
import org.millrace.jetty.harness.Bounded;

/**
 * An engine with connections in memory, and an admin server in front of it that is called over
 * HTTP.
 */
final class AdminRig implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef";

  private static final int SHARDS = 2;
  private static final int TIMEOUT_S = 60;
  private static final MessageHandler DEAF = (connection, opcode, buffer, offset, length) -> {};

  private final ShardsClock clock = new ShardsClock();
  private final PlainSwitch admission = new PlainSwitch();
  private final ScheduledExecutorService drainThread = Executors.newSingleThreadScheduledExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Engine engine;
  private final AdminServer server;
  private final AtomicLong failedHandshakes = new AtomicLong(7);

  /** A connection and what it is. */
  record Client(MemoryWire wire, long id) {}

  AdminRig() throws IOException {
    this(RpcStyle.KAMAILIO, Optional.empty());
  }

  AdminRig(RpcStyle style, Optional<String> token) throws IOException {
    engine =
        Engine.launch(
            new EngineContext()
                .shards(SHARDS)
                .nanoClock(clock)
                .threadFactory(clock)
                .maxConnections(2_048)
                .ringCapacity(1 << 20));
    final DrainConfig drain =
        new DrainConfig(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(3));
    server =
        AdminServer.start(
            new AdminConfig(true, "127.0.0.1", 0, token),
            new AdminServices(
                engine,
                admission,
                new Drain(
                    engine, admission, drain, DrainTimer.of(drainThread), new SplittableRandom(1)),
                AdminRig::flow,
                Map.of("ws_failed_handshakes", failedHandshakes::get),
                () -> Map.of("origin", 4L, "host", 3L),
                new SomeBindings(),
                () -> List.of(new SomeTarget("pbx", "udp:192.0.2.1:5060", "up", null)),
                identity -> identity.equals("alice") ? 2 : 0,
                (host, port, path, subProtocol, secure) ->
                    (host + port + path + subProtocol + secure).equals("pbx.example443/wssiptrue"),
                "1.2.3",
                style));
  }

  /** Stands for the record that the registrar lists. */
  record SomeBinding(String address, long connectionId) {}

  /** Stands for what the edge tells of a target. */
  record SomeTarget(String upstream, String target, String health, String lastProbe) {}

  private static final class SomeBindings implements BindingLookup {
    @Override
    public List<SomeBinding> some(int mostAddresses) {
      return List.of(new SomeBinding("bob@example.org", 5), new SomeBinding("al@example.org", 6));
    }

    @Override
    public List<SomeBinding> of(String address) {
      return some(1).stream().filter(binding -> binding.address().equals(address)).toList();
    }
  }

  /** What the test has attached. */
  private static FlowView flow(Connection connection) {
    return (FlowView) connection.attachment();
  }

  /** A SIP client over TLS that nobody knows. */
  Client open() {
    return open("203.0.113.5", 51_234, flow("sip", null), context -> context);
  }

  static FlowView flow(String subProtocol, String identity) {
    return new FlowView("public", "/ws", subProtocol, true, Optional.ofNullable(identity), false);
  }

  Client open(String host, int port, FlowView flow, UnaryOperator<ConnectionContext> settings) {
    final MemoryWire wire = new MemoryWire(host, port);
    final AtomicLong id = new AtomicLong();
    final ConnectionContext context =
        new ConnectionContext()
            .subProtocol(flow.subProtocol().equals("sip") ? SubProtocol.SIP : SubProtocol.OTHER)
            .keepAliveMechanism(KeepAliveMechanism.NONE);
    engine.open(
        settings.apply(context).conclude(),
        wire,
        new MessageHandler() {
          @Override
          public void onOpened(Connection connection) {
            connection.attach(flow);
            id.set(connection.id());
          }

          @Override
          public void onMessage(
              Connection connection,
              int opcode,
              org.agrona.DirectBuffer buffer,
              int offset,
              int length) {
            DEAF.onMessage(connection, opcode, buffer, offset, length);
          }
        });
    until("open", () -> id.get() != 0);
    return new Client(wire, id.get());
  }

  /** When this returns, all that shards do they do at the new time. */
  void advanceSeconds(long seconds) {
    clock.advance(TimeUnit.SECONDS.toNanos(seconds));
    until(
        "cycles at the new time",
        () -> {
          wakeShards();
          return clock.isSettled();
        });
  }

  /** They park in real time. */
  private void wakeShards() {
    for (int shard = 0; shard < SHARDS; shard++) {
      engine.visit(shard, 0, 1, connection -> {}).orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
    }
  }

  static void until(String what, BooleanSupplier condition) {
    Bounded.await(TIMEOUT_S, what, condition);
  }

  /** Waits until a counter of the engine has a value: shards do not wait for tests. */
  void untilCounted(EngineCounter counter, long value) {
    until(counter + " = " + value, () -> engine.counter(counter) == value);
  }

  AdmissionSwitch admission() {
    return admission;
  }

  AtomicLong failedHandshakes() {
    return failedHandshakes;
  }

  AdminServer server() {
    return server;
  }

  // ---- HTTP ----

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(TIMEOUT_S));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> post(String body) throws IOException {
    return send(
        request("/rpc")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> rpc(String method, String params) throws IOException {
    return post(
        "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + ",\"id\":1}");
  }

  /** Of a call that succeeds. */
  JsonNode result(String method, String params) throws IOException {
    final HttpResponse<String> response = rpc(method, params);
    final JsonNode body = json(response);
    if (response.statusCode() != 200 || !body.has("result")) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return body.get("result");
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return RpcDialect.JSON.readTree(response.body());
  }

  static JsonNode json(String text) throws IOException {
    return RpcDialect.JSON.readTree(text);
  }

  @Override
  public void close() {
    server.close();
    drainThread.shutdownNow();
    engine.stop();
    while (!engine.isStopped()) {
      clock.advance(TimeUnit.SECONDS.toNanos(1));
      wakeShards();
    }
    engine.close();
    if (engine.errorLog().observations() > 0) {
      throw new AssertionError("errors in the engine's log");
    }
  }
}
