package org.millrace.jetty.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON-RPC 2.0 as specified (F-6, AD-07). */
@Timeout(300)
class JsonRpc2Test {
  private AdminRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new AdminRig(RpcStyle.JSONRPC2, Optional.empty());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static void assertError(HttpResponse<String> response, String id, int code)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(200);
    final JsonNode body = AdminRig.json(response);
    assertThat(body.at("/error/code").asInt()).as(response.body()).isEqualTo(code);
    assertThat(body.get("id")).isEqualTo(AdminRig.json(id));
    assertThat(body.has("result")).isFalse();
  }

  @Test
  void ad07UnknownMethod() throws Exception {
    assertError(rig.rpc("no.such", "[]"), "1", -32601);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"abc\"", "7", "null"})
  void ad07TheIdComesBackAsItWas(String id) throws Exception {
    assertThat(
            AdminRig.json(
                rig.post("{\"jsonrpc\":\"2.0\",\"method\":\"ws.enable\",\"id\":" + id + "}")))
        .isEqualTo(AdminRig.json("{\"jsonrpc\":\"2.0\",\"result\":{},\"id\":" + id + "}"));
  }

  @ParameterizedTest
  @CsvSource({
    "ws.close, '[\"x\"]', -32602",
    "ws.dump, '[\"foo\"]', -32602",
    "millrace.connections, '{\"limit\":0}', -32602",
    "ws.close, [999], 500",
    "ws.close, 7, -32600"
  })
  void faultsHaveTheSpecifiedCodesWhereThereAreSuch(String method, String params, int code)
      throws Exception {
    assertError(rig.rpc(method, params), "1", code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nonsense", "{} {}"})
  void whatIsNoJsonIsAParseError(String body) throws Exception {
    assertError(rig.post(body), "null", -32700);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "{}", "{\"jsonrpc\":\"1.0\",\"method\":\"ws.enable\"}"})
  void whatIsNoCallIsAnInvalidRequest(String body) throws Exception {
    assertError(rig.post(body), "null", -32600);
  }

  @Test
  void aNotificationIsActedOnAndNotAnswered() throws Exception {
    final HttpResponse<String> response =
        rig.post("{\"jsonrpc\":\"2.0\",\"method\":\"ws.disable\"}");
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    assertThat(rig.admission().isEnabled()).isFalse();
  }

  @Test
  void aBatchIsAnsweredInOneArray() throws Exception {
    final JsonNode answers =
        AdminRig.json(
            rig.post(
                """
                [{"jsonrpc":"2.0","method":"millrace.version","id":1},
                 {"jsonrpc":"2.0","method":"ws.disable"},
                 7,
                 {"jsonrpc":"2.0","method":"no.such","id":"z"}]"""));
    assertThat(answers).hasSize(3);
    assertThat(answers.at("/0/result/version").asText()).isEqualTo("1.2.3");
    assertThat(answers.at("/1/error/code").asInt()).isEqualTo(-32600);
    assertThat(answers.at("/2/id").asText()).isEqualTo("z");
    assertThat(rig.admission().isEnabled()).isFalse();
  }

  @Test
  void aBatchIsBounded() throws Exception {
    final String call = "{\"jsonrpc\":\"2.0\",\"method\":\"ws.disable\"}";
    assertError(rig.post("[" + (call + ",").repeat(100) + call + "]"), "null", -32600);
    assertThat(rig.admission().isEnabled()).isTrue();
  }
}
