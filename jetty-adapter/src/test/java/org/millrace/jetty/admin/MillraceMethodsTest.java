package org.millrace.jetty.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** What Kamailio does not have (F-9). */
@Timeout(300)
class MillraceMethodsTest {
  private AdminRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new AdminRig();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private List<Long> ids(String params) throws Exception {
    final List<Long> ids = new ArrayList<>();
    rig.result("millrace.connections", params)
        .get("connections")
        .forEach(connection -> ids.add(connection.get("id").asLong()));
    return ids;
  }

  private AdminRig.Client open(String host, String subProtocol, String identity) {
    return rig.open(host, 5_000, AdminRig.flow(subProtocol, identity), context -> context);
  }

  @Test
  void aConnectionIsShownWithEverything() throws Exception {
    final AdminRig.Client client = open("2001:db8::5", "sip", "alice@example.org");
    rig.advanceSeconds(3);
    client.wire().deliverHex("8a8000000000");
    rig.untilCounted(EngineCounter.RECEIVED_FRAMES, 1);
    rig.advanceSeconds(2);
    assertThat(rig.result("millrace.connections", "{}"))
        .isEqualTo(
            AdminRig.json(
                """
                {"connections":[
                  {"id":%s,"remote":"[2001:db8:0:0:0:0:0:5]:5000","local":"192.0.2.10:443",
                   "listener":"public","path":"/ws","subProtocol":"sip","secure":true,
                   "identity":"alice@example.org","state":"OPEN","awaitingPong":false,
                   "ageSeconds":5,"idleSeconds":2,"rttMicros":null,"queuedBytes":0}],
                 "cursor":null}"""
                    .formatted(client.id())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 149, 150, 151, 10_000})
  void pagesHoldEveryConnectionOnce(int limit) throws Exception {
    final List<Long> open = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      open.add(rig.open().id());
    }
    final List<Long> seen = new ArrayList<>();
    String cursor = "null";
    do {
      final JsonNode page =
          rig.result("millrace.connections", "{\"limit\":" + limit + ",\"cursor\":" + cursor + "}");
      assertThat(page.get("connections").size()).isBetween(1, limit);
      page.get("connections").forEach(connection -> seen.add(connection.get("id").asLong()));
      cursor = page.get("cursor").toString();
    } while (!cursor.equals("null"));
    assertThat(seen).containsExactlyInAnyOrderElementsOf(open);
  }

  @Test
  void filtersApplyTogether() throws Exception {
    final long alice = open("192.0.2.1", "sip", "alice").id();
    final long bob = open("192.0.2.2", "sip", "bob").id();
    final long chat = open("198.51.100.1", "msrp", "alice").id();
    final long nobody = open("2001:db8::1", "sip", null).id();
    rig.result("ws.close", "[" + bob + "]");
    assertThat(ids("{}")).containsExactlyInAnyOrder(alice, bob, chat, nobody);
    assertThat(ids("{\"address\":\"192.0.2.0/24\"}")).containsExactlyInAnyOrder(alice, bob);
    assertThat(ids("{\"address\":\"2001:db8::1\"}")).containsExactly(nobody);
    assertThat(ids("{\"subProtocol\":\"MSRP\"}")).containsExactly(chat);
    assertThat(ids("{\"identity\":\"alice\"}")).containsExactlyInAnyOrder(alice, chat);
    assertThat(ids("{\"state\":\"closing\"}")).containsExactly(bob);
    assertThat(ids("{\"identity\":\"alice\",\"subProtocol\":\"sip\"}")).containsExactly(alice);
    assertThat(ids("{\"identity\":\"alice\",\"state\":\"CLOSING\"}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"limit\":0}', limit: must be a number from 1 to 10000",
    "'{\"limit\":10001}', limit: must be a number from 1 to 10000",
    "'{\"limit\":\"7\"}', limit: must be a number from 1 to 10000",
    "'{\"cursor\":\"x\"}', cursor: must be one that a page has ended with",
    "'{\"cursor\":\"2.0\"}', cursor: must be one that a page has ended with",
    "'{\"cursor\":\"-1.0\"}', cursor: must be one that a page has ended with",
    "'{\"cursor\":7}', cursor: must be a string",
    "'{\"state\":\"BROKEN\"}', state: must be OPEN or CLOSING",
    "'{\"address\":\"example.org\"}', 'address: example.org: must be an IP address, or one with"
        + " /prefix'"
  })
  void badParametersAreNamed(String params, String message) throws Exception {
    final var response = rig.rpc("millrace.connections", params);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(AdminRig.json(response).at("/error/message").asText()).isEqualTo(message);
  }

  @Test
  void aCursorBehindTheEndIsTheEnd() throws Exception {
    rig.open();
    assertThat(ids("{\"cursor\":\"1.999999999\"}")).isEmpty();
  }

  @Test
  void listsBindings() throws Exception {
    assertThat(rig.result("millrace.bindings", "{}").get("bindings")).hasSize(2);
    assertThat(rig.result("millrace.bindings", "{\"address\":\"bob@example.org\"}"))
        .isEqualTo(
            AdminRig.json("{\"bindings\":[{\"address\":\"bob@example.org\",\"connectionId\":5}]}"));
  }

  @Test
  void listsRefusalsAndTheVersion() throws Exception {
    assertThat(rig.result("millrace.refusals", "[]"))
        .isEqualTo(AdminRig.json("{\"host\":3,\"origin\":4}"));
    assertThat(rig.result("millrace.version", "[]"))
        .isEqualTo(AdminRig.json("{\"version\":\"1.2.3\"}"));
  }

  @Test
  void drainsAndUndrains() throws Exception {
    rig.open();
    final JsonNode drained = rig.result("millrace.drain", "[]");
    assertThat(drained)
        .isEqualTo(
            AdminRig.json(
                """
                {"ready":false,"enabled":true,
                 "drain":{"phase":"grace","connections":1,"closesLeft":0}}"""));
    assertThat(rig.result("millrace.drain", "[]")).isEqualTo(drained);
    assertThat(rig.send(rig.request("/health/ready")).statusCode()).isEqualTo(503);
    assertThat(rig.result("millrace.undrain", "[]").at("/drain/phase").asText()).isEqualTo("idle");
    assertThat(rig.send(rig.request("/health/ready")).statusCode()).isEqualTo(200);
  }

  @Test
  void targetsOfTheCoreAreListed() throws Exception {
    assertThat(rig.result("millrace.upstreams", "{}"))
        .isEqualTo(
            AdminRig.json(
                """
                {"upstreams":[
                  {"upstream":"pbx","target":"udp:192.0.2.1:5060","health":"up","lastProbe":null}]}"""));
  }

  @Test
  void somebodyIsClosedByIdentity() throws Exception {
    assertThat(rig.result("millrace.revoke", "{\"identity\":\"alice\"}"))
        .isEqualTo(AdminRig.json("{\"closed\":2}"));
    assertThat(rig.result("millrace.revoke", "[\"bob\"]"))
        .isEqualTo(AdminRig.json("{\"closed\":0}"));
  }

  @Test
  void connectionsWithTheCoreAreShownByTheirSocketButNotByKamailiosDump() throws Exception {
    rig.open("192.0.2.1", 5_060, FlowView.ofCore("tcp", false), context -> context);
    final AdminRig.Client client = open("2001:db8::5", "sip", null);
    final JsonNode all = rig.result("millrace.connections", "{}").get("connections");
    assertThat(all.findValuesAsText("listener")).containsExactlyInAnyOrder("tcp", "public");
    assertThat(rig.result("ws.dump", "[]").get("connections"))
        .singleElement()
        .satisfies(line -> assertThat(line.asText()).startsWith(client.id() + ": "));
  }
}
