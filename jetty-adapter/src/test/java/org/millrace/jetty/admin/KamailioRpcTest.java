package org.millrace.jetty.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.status.EngineCounter;

/** Kamailio's methods, names and shapes (F-1 to F-6, AD-01 to AD-07). */
@Timeout(300)
class KamailioRpcTest {
  private AdminRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new AdminRig();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static void assertFault(HttpResponse<String> response, int code, String message)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(code);
    assertThat(AdminRig.json(response).get("error"))
        .isEqualTo(AdminRig.json("{\"code\":" + code + ",\"message\":\"" + message + "\"}"));
    assertThat(AdminRig.json(response).has("result")).isFalse();
  }

  private List<String> lines(String params) throws Exception {
    final List<String> lines = new ArrayList<>();
    rig.result("ws.dump", params).get("connections").forEach(line -> lines.add(line.asText()));
    return lines;
  }

  @Test
  void ad01DumpShowsConnectionsToTheLetter() throws Exception {
    final AdminRig.Client client = rig.open();
    rig.advanceSeconds(5);
    assertThat(AdminRig.json(rig.rpc("ws.dump", "[]")))
        .isEqualTo(
            AdminRig.json(
                ("{'jsonrpc':'2.0','result':{'connections':['"
                        + client.id()
                        + ": wss:203.0.113.5:51234 -> wss:192.0.2.10:443 (state: OPEN,  last used 5s"
                        + " ago, sub-protocol: sip)'],'info':{'wscounter':1,'truncated':'no'}},'id':1}")
                    .replace('\'', '"')));
  }

  @Test
  void ad01NobodyIsConnected() throws Exception {
    assertThat(rig.result("ws.dump", "[]"))
        .isEqualTo(
            AdminRig.json("{\"connections\":[],\"info\":{\"wscounter\":0,\"truncated\":\"no\"}}"));
  }

  @Test
  void ad01OtherSubProtocolsAndCleartext() throws Exception {
    final FlowView chat = new FlowView("l", "/", "chat", false, java.util.Optional.empty(), false);
    final AdminRig.Client client = rig.open("2001:db8::5", 4000, chat, context -> context);
    assertThat(lines("[]"))
        .containsExactly(
            client.id()
                + ": ws:2001:db8:0:0:0:0:0:5:4000 -> ws:192.0.2.10:443 (state: OPEN,  last used 0s"
                + " ago, sub-protocol: **UNKNOWN**)");
  }

  @ParameterizedTest
  @CsvSource({"49, 49, no", "50, 50, yes", "51, 50, yes"})
  void ad01FiftyAreTruncated(int open, int printed, String truncated) throws Exception {
    for (int i = 0; i < open; i++) {
      rig.open();
    }
    for (final String params : List.of("[]", "[\"used_desc\"]", "[\"used_asc\"]")) {
      final JsonNode result = rig.result("ws.dump", params);
      assertThat(result.get("connections")).hasSize(printed);
      assertThat(result.at("/info/wscounter").asInt()).isEqualTo(printed);
      assertThat(result.at("/info/truncated").asText()).isEqualTo(truncated);
    }
  }

  /** The names are the wrong way round there, and so they are here. */
  @Test
  void ad01OrdersByUse() throws Exception {
    final List<String> oldestFirst = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      oldestFirst.add(rig.open().id() + ":");
      rig.advanceSeconds(1);
    }
    assertThat(lines("[\"USED_desc\"]").stream().map(line -> line.split(" ", 2)[0]))
        .containsExactlyElementsOf(oldestFirst.subList(0, 50));
    final List<String> newestFirst = new ArrayList<>(oldestFirst);
    java.util.Collections.reverse(newestFirst);
    assertThat(lines("{\"any name\":\"used_asc\"}").stream().map(line -> line.split(" ", 2)[0]))
        .containsExactlyElementsOf(newestFirst.subList(0, 50));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"foo\"]", "[\"\"]", "[1]", "[null]", "{\"order\":\"foo\"}"})
  void ad02BadDisplayOrder(String params) throws Exception {
    assertFault(rig.rpc("ws.dump", params), 400, "Bad display order parameter");
  }

  @Test
  void ad03ClosesAConnection() throws Exception {
    final AdminRig.Client client = rig.open();
    final AdminRig.Client other = rig.open();
    assertThat(rig.result("ws.close", "[" + client.id() + "]")).isEqualTo(AdminRig.json("{}"));
    AdminRig.until("Close", () -> !client.wire().writtenHex().isEmpty());
    assertThat(client.wire().writtenHex()).isEqualTo("881003e84e6f726d616c20636c6f73757265");
    assertThat(other.wire().writtenHex()).isEmpty();
    assertThat(lines("[]").get(0)).contains("(state: CLOSING,  last used 0s ago");
    assertFault(rig.rpc("ws.close", "[" + client.id() + "]"), 500, "Error closing connection");
    assertFault(rig.rpc("ws.ping", "[" + client.id() + "]"), 500, "Error sending frame");
    assertFault(rig.rpc("ws.pong", "[" + client.id() + "]"), 500, "Error sending frame");
    client.wire().endOfInput();
    AdminRig.until("closed", client.wire()::isClosed);
    assertFault(rig.rpc("ws.close", "[" + client.id() + "]"), 500, "Unknown connection ID");
  }

  @ParameterizedTest
  @ValueSource(strings = {"999", "\"999\"", "0", "-1", "9223372036854775807"})
  void ad03UnknownConnections(String id) throws Exception {
    rig.open();
    for (final String method : List.of("ws.close", "ws.ping", "ws.pong")) {
      assertFault(rig.rpc(method, "[" + id + "]"), 500, "Unknown connection ID");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"x\"]",
        "[]",
        "{}",
        "[1.5]",
        "[null]",
        "[[3]]",
        "[\"\"]",
        "[9223372036854775808]",
        "[\"9223372036854775808\"]",
        "[\"-1\"]",
        "3",
        "null"
      })
  void ad03InvalidParameters(String params) throws Exception {
    for (final String method : List.of("ws.close", "ws.ping", "ws.pong")) {
      assertFault(rig.rpc(method, params), 500, "Invalid Parameters");
    }
  }

  /** Some clients' numbers are doubles, and ours do not always fit into those. */
  @Test
  void ad03TheIdMayBeDigitsAndItsNameIsAnything() throws Exception {
    final AdminRig.Client client = rig.open();
    assertThat(rig.result("ws.close", "{\"whatever\":\"" + client.id() + "\"}"))
        .isEqualTo(AdminRig.json("{}"));
    AdminRig.until("Close", () -> client.wire().writtenHex().startsWith("881003e8"));
  }

  @Test
  void ad04PingIsAwaited() throws Exception {
    final AdminRig.Client client =
        rig.open(
            "203.0.113.5",
            51_234,
            AdminRig.flow("sip", null),
            context ->
                context
                    .keepAliveData("hi".getBytes(StandardCharsets.US_ASCII))
                    .pongTimeout(Duration.ofSeconds(60)));
    assertThat(rig.result("ws.ping", "[" + client.id() + "]")).isEqualTo(AdminRig.json("{}"));
    AdminRig.until("ping", () -> client.wire().writtenHex().equals("89026869"));
    rig.advanceSeconds(5);
    assertThat(lines("[]"))
        .containsExactly(
            client.id()
                + ": wss:203.0.113.5:51234 -> wss:192.0.2.10:443 (state: OPEN, awaiting Pong,  last"
                + " used 5s ago, sub-protocol: sip)");
    client.wire().deliverHex("8a82000000006869");
    rig.untilCounted(EngineCounter.PONGS_CONFIRMED, 1);
    assertThat(lines("[]").get(0)).contains("(state: OPEN,  last used 0s ago");
    assertThat(rig.result("ws.pong", "[" + client.id() + "]")).isEqualTo(AdminRig.json("{}"));
    AdminRig.until("pong", () -> client.wire().writtenHex().equals("89026869" + "8a026869"));
    assertThat(lines("[]").get(0)).contains("(state: OPEN,  last used 0s ago");
  }

  @Test
  void aTargetOfTheCoreIsConnectedWith() throws Exception {
    assertThat(rig.result("ws.connect", "[\"pbx.example\", 443, \"/ws\", \"sip\", 1]").textValue())
        .isEqualTo("Outbound websocket handshake initiated");
    assertThat(rig.rpc("ws.connect", "[\"evil.example\", 443, \"/ws\", \"sip\", true]").body())
        .contains("500", "Failed to initiate outbound websocket handshake");
    assertThat(rig.rpc("ws.connect", "[\"pbx.example\", \"x\", \"/ws\", \"sip\", 1]").body())
        .contains("400", "Invalid parameters. Expected host, port, path, subprotocol, tls");
  }

  @Test
  void ad05DisableAndEnable() throws Exception {
    final AdminRig.Client client = rig.open();
    assertThat(rig.result("ws.disable", "[]")).isEqualTo(AdminRig.json("{}"));
    assertThat(rig.admission().isEnabled()).isFalse();
    assertThat(lines("[]")).as("what is open stays").hasSize(1);
    assertThat(client.wire().writtenHex()).isEmpty();
    assertThat(rig.result("ws.enable", "[]")).isEqualTo(AdminRig.json("{}"));
    assertThat(rig.admission().isEnabled()).isTrue();
  }

  @Test
  void ad06GroupsAndNamesOfStatistics() throws Exception {
    rig.open();
    final JsonNode lines = rig.result("stats.get_statistics", "[\"websocket:\"]");
    assertThat(lines)
        .contains(
            AdminRig.json("\"websocket:ws_current_connections = 1\""),
            AdminRig.json("\"websocket:ws_failed_handshakes = 7\""),
            AdminRig.json("\"websocket:ws_sip_max_concurrent_connections = 1\""))
        .hasSize(22);
    assertThat(rig.result("stats.get_statistics", "[\"ws_current_connections\"]"))
        .isEqualTo(AdminRig.json("[\"websocket:ws_current_connections = 1\"]"));
    assertThat(rig.result("stats.get_statistics", "[\"millrace:\"]"))
        .contains(AdminRig.json("\"millrace:millrace_opened_connections = 1\""));
    assertThat(rig.result("stats.get_statistics", "[\"all\"]")).hasSizeGreaterThan(40);
    assertThat(rig.result("stats.get_statistics", "[\"no such\"]")).isEmpty();
    assertThat(
            rig.result(
                "stats.fetch", "[\"ws_current_connections\",\"ws_sip_current_connections\"]"))
        .isEqualTo(
            AdminRig.json(
                """
                {"websocket.ws_current_connections":"1",
                 "websocket.ws_sip_current_connections":"1"}"""));
    assertThat(rig.result("stats.fetchn", "[\"websocket:\"]").get("websocket.ws_failed_handshakes"))
        .isEqualTo(AdminRig.json("7"));
  }

  @Test
  void ad06ResettingMovesTheZero() throws Exception {
    rig.open();
    assertThat(
            rig.result(
                "stats.clear_statistics", "[\"ws_failed_handshakes\",\"ws_current_connections\"]"))
        .isEqualTo(
            AdminRig.json(
                """
                ["websocket:ws_failed_handshakes = 0 (7)",
                 "websocket:ws_current_connections = 1"]"""));
    rig.failedHandshakes().incrementAndGet();
    assertThat(rig.result("stats.fetchn", "[\"ws_failed_handshakes\"]").elements().next().asInt())
        .isOne();
    assertThat(rig.result("stats.reset_statistics", "[\"all\"]")).isEqualTo(AdminRig.json("{}"));
    assertThat(rig.result("stats.fetchn", "[\"ws_failed_handshakes\"]").elements().next().asInt())
        .isZero();
    assertThat(rig.failedHandshakes()).as("the counter itself").hasValue(8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stats.get_statistics",
        "stats.fetch",
        "stats.fetchn",
        "stats.reset_statistics",
        "stats.clear_statistics"
      })
  void ad06SomethingHasToBeAskedFor(String method) throws Exception {
    assertFault(rig.rpc(method, "[]"), 400, "Please provide which stats to retrieve");
  }

  @Test
  void ad07UnknownMethod() throws Exception {
    assertFault(rig.rpc("no.such", "[]"), 500, "Method Not Found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"abc\"", "7", "null", "\"\"", "12345678901234567890"})
  void ad07TheIdComesBackAsItWas(String id) throws Exception {
    for (final String method : List.of("ws.enable", "no.such")) {
      final JsonNode answer =
          AdminRig.json(
              rig.post("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"id\":" + id + "}"));
      assertThat(answer.get("id")).isEqualTo(AdminRig.json(id));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"method\":\"ws.disable\"}",
        "{\"id\":1,\"jsonrpc\":\"1.0\",\"method\":\"ws.disable\"}",
        "{\"id\":1,\"jsonrpc\":2.0,\"method\":\"ws.disable\"}",
        "{\"id\":1,\"jsonrpc\":\"2.0\"}",
        "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":7}",
      })
  void f06WhatIsNoCallHasAnEmptyResult(String request) throws Exception {
    final HttpResponse<String> response = rig.post(request);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(AdminRig.json(response))
        .isEqualTo(AdminRig.json("{\"jsonrpc\":\"2.0\",\"result\":{},\"id\":1}"));
    assertThat(rig.admission().isEnabled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "nonsense", "{} {}", "{\"a\":}", "\u0000"})
  void f06WhatIsNoJsonGets400(String body) throws Exception {
    assertFault(rig.post(body), 400, "Invalid JSON");
  }

  @Test
  void f06TheReasonIsTheFaultsText() throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), rig.server().address().getPort())) {
      socket.setSoTimeout(60_000);
      final String body = "{\"jsonrpc\":\"2.0\",\"method\":\"no.such\",\"id\":1}";
      socket
          .getOutputStream()
          .write(
              ("POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      final BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(in.readLine()).isEqualTo("HTTP/1.1 500 Method Not Found");
    }
  }
}
