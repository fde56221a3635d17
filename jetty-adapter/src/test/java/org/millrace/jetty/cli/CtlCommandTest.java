package org.millrace.jetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Talking to the admin listener. */
class CtlCommandTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 200;
  private volatile String answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + exchange.getRequestHeaders().getFirst("Content-Type")
              + " "
              + exchange.getRequestHeaders().getFirst("Authorization")
              + " "
              + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      final byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private CommandRun ctl(String... arguments) {
    final List<String> all =
        new ArrayList<>(
            List.of(
                "ctl",
                "--timeout",
                "120",
                "--url",
                "http://127.0.0.1:" + server.getAddress().getPort()));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(new String[0]));
  }

  private void result(String result) {
    answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}";
  }

  @Test
  void shouldPostJsonRpc() {
    assertThat(ctl("--token", "abc", "ws.close", "17").exitCode()).isZero();
    assertThat(requests)
        .containsExactly(
            "POST /rpc application/json Bearer abc"
                + " {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ws.close\",\"params\":[17]}");
  }

  @Test
  void shouldKnowShortNames() {
    ctl("stats");
    ctl("list", "used_asc", "{\"limit\":5}");
    assertThat(requests.get(0)).endsWith("\"method\":\"stats.fetchn\",\"params\":[\"all\"]}");
    assertThat(requests.get(1))
        .endsWith("\"method\":\"millrace.connections\",\"params\":[\"used_asc\",{\"limit\":5}]}");
  }

  @Test
  void shouldSayOkWhenThereIsNothingToSay() {
    assertThat(ctl("drain").out()).isEqualToIgnoringNewLines("ok");
  }

  @Test
  void shouldPrintTables() {
    result(
        """
        {"connections":[{"id":1,"peer":"192.0.2.1:5"},{"id":22,"peer":null,"agent":"a\\u001bb"}],
         "total":2}\
        """);
    assertThat(ctl("list").out().lines())
        .containsExactly(
            "ID  PEER         AGENT", "1   192.0.2.1:5  -", "22  -            a?b", "total  2");
  }

  @Test
  void shouldSayThatAListIsEmpty() {
    result("{\"connections\":[],\"cursor\":null}");
    assertThat(ctl("list").out().lines()).containsExactly("connections  none", "cursor       -");
  }

  @Test
  void shouldPrintJsonWhenAsked() {
    result("{\"a\":[1,2]}");
    assertThat(ctl("--json", "stats").out()).contains("\"a\" : [ 1, 2 ]");
  }

  @Test
  void shouldTellFaults() {
    status = 500;
    answer =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":500,\"message\":\"Unknown connection ID\"}}";
    final CommandRun run = ctl("close", "5");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines("millrace: ws.close: Unknown connection ID (500)");
  }

  @Test
  void shouldTellThatATokenIsWanted() {
    status = 401;
    answer = "";
    assertThat(ctl("list").err()).contains("wants a token", "MILLRACE_ADMIN_TOKEN");
    assertThat(ctl("--token", "x", "list").err()).contains("does not take this token");
  }

  @Test
  void shouldTellThatThisIsNoEdge() {
    status = 404;
    answer = "<html>";
    assertThat(ctl("list").err()).contains("is not the admin listener of an edge (404)");
    status = 200;
    assertThat(ctl("list").err()).contains("answers 200, and no JSON-RPC");
  }

  /** The port is held meanwhile, or another program might be given it. */
  @Test
  void shouldTellThatNobodyListens() throws IOException {
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      final String url = "http://127.0.0.1:" + held.getLocalPort();
      final CommandRun run = CommandRun.of("ctl", "--timeout", "120", "--url", url, "list");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("nothing listens at " + url + "/rpc: is the edge running");
    }
  }

  @Test
  void shouldRefuseWrongUsage() {
    assertThat(CommandRun.of("ctl").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("ctl", "--url", "ftp://x", "list").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("ctl", "--timeout", "0", "list").exitCode()).isEqualTo(2);
  }
}
