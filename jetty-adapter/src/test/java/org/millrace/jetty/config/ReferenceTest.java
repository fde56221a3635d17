package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What reference.conf says about its keys is so. */
class ReferenceTest {
  private static final Pattern DEFAULT =
      Pattern.compile("Default: (\\[[^\\]]*]|[^;]+?)(?:\\.$|;|, | here)");
  private static final Pattern RANGE =
      Pattern.compile("Range: (\\S+ ?\\w*?) to (\\S+ ?\\w*?)[.;,]");

  /** One of each kind that has no section of its own by default, so that defaults are read. */
  private static final Map<String, String> ONE_OF_EACH =
      Map.of(
          "core-sockets.one", "{ transport = udp, host = 127.0.0.1 }",
          "upstreams.one.targets", "[\"sip:127.0.0.2\"]",
          "paths.sip.upstream", "one");

  @TempDir private Path directory;

  private static Map<String, ConfigValue> leaves() {
    final Map<String, ConfigValue> leaves = new TreeMap<>();
    final Config reference = ConfigFactory.parseResources("reference.conf").resolve();
    collect("millrace", reference.getObject("millrace"), leaves);
    return leaves;
  }

  private static void collect(String key, ConfigValue value, Map<String, ConfigValue> leaves) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      object.forEach((name, nested) -> collect(key + "." + name, nested, leaves));
    } else {
      leaves.put(key, value);
    }
  }

  private static String comment(ConfigValue value) {
    return String.join(" ", value.origin().comments()).replaceAll(" +", " ").strip();
  }

  @Test
  void shouldExplainEveryKey() {
    assertThat(leaves())
        .hasSizeGreaterThan(180)
        .allSatisfy(
            (key, value) -> {
              if (!key.matches("millrace\\.defaults\\.[a-z-]+\\.connection")) {
                assertThat(comment(value)).as(key).containsPattern("(Range|Values?): .+ Default: ");
              }
            });
  }

  @Test
  void shouldTellTheDefaultsThatThereAre() {
    final List<String> compared = new ArrayList<>();
    leaves()
        .forEach(
            (key, value) -> {
              final Matcher told = DEFAULT.matcher(comment(value));
              if (told.find() && !key.equals("millrace.state-directory")) {
                assertThat(told.group(1).replace("\"", "")).as(key).isEqualTo(written(value));
                compared.add(key);
              }
            });
    assertThat(compared).hasSizeGreaterThan(150);
  }

  private static String written(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return list.unwrapped().toString();
    }
    return value instanceof ConfigObject
        ? "{}"
        : value.render(ConfigRenderOptions.concise()).replace("\"", "");
  }

  /** A key that nobody reads would be refused as unknown, were it set; so all are read. */
  @Test
  void shouldReadEveryKey() throws ConfigErrors {
    final StringBuilder all = new StringBuilder();
    leaves()
        .forEach(
            (key, value) ->
                all.append(key)
                    .append(" = ")
                    .append(value.render(ConfigRenderOptions.concise()))
                    .append('\n'));
    assertThat(ConfigFiles.load(directory, all.toString()).listeners()).hasSize(2);
  }

  /** In every object, one more key is one too many. */
  @ParameterizedTest
  @CsvSource({
    "millrace",
    "millrace.defaults",
    "millrace.defaults.listener",
    "millrace.defaults.tls",
    "millrace.defaults.path",
    "millrace.defaults.path.auth",
    "millrace.defaults.path.auth.tokens",
    "millrace.defaults.path.connection",
    "millrace.connection",
    "millrace.handshake",
    "millrace.limits",
    "millrace.sip",
    "millrace.core-connection",
    "millrace.edge",
    "millrace.edge.transactions",
    "millrace.edge.transaction-mode",
    "millrace.dns",
    "millrace.defaults.core-socket",
    "millrace.defaults.core-socket.connection",
    "millrace.defaults.upstream",
    "millrace.defaults.upstream.connection",
    "millrace.defaults.upstream.ws",
    "millrace.defaults.upstream.tls",
    "millrace.defaults.upstream.health",
    "millrace.defaults.target",
    "millrace.defaults.path.routing",
    "millrace.core",
    "millrace.admin",
    "millrace.drain",
    "millrace.engine",
    "millrace.listeners.ws",
    "millrace.tls.self-signed",
    "millrace.paths.sip",
    "millrace.paths.sip.connection",
    "millrace.paths.sip.auth",
    "millrace.paths.sip.auth.tokens"
  })
  void shouldRefuseAKeyThatIsNotThere(String object) {
    final StringBuilder text = new StringBuilder(object + ".xyzzy = 1");
    ONE_OF_EACH.forEach(
        (key, value) -> text.append("\nmillrace.").append(key).append(" = ").append(value));
    assertThat(ConfigFiles.errors(directory, text.toString()))
        .singleElement()
        .satisfies(
            it ->
                assertThat(it)
                    .matches(
                        "millrace\\.conf:1: millrace\\S*\\.xyzzy = 1: there is no such key.*"));
  }

  static Stream<String> keysWithRanges() {
    return leaves().entrySet().stream()
        .filter(leaf -> RANGE.matcher(comment(leaf.getValue())).find())
        .map(Map.Entry::getKey);
  }

  /** Both ends of the range are in it; what lies beyond is refused, with these very ends. */
  @ParameterizedTest
  @MethodSource("keysWithRanges")
  void shouldHoldTheRangeThatItTells(String key) {
    final Matcher range = RANGE.matcher(comment(leaves().get(key)));
    assertThat(range.find()).isTrue();
    assertThat(refused(key, range.group(1))).as("%s = %s", key, range.group(1)).isFalse();
    assertThat(refused(key, range.group(2))).as("%s = %s", key, range.group(2)).isFalse();
    assertThat(refused(key, beyond(range.group(2)))).as(key).isTrue();
    if (!range.group(1).startsWith("0")) {
      assertThat(refused(key, "0" + range.group(1).replaceFirst("^[\\d.]+", ""))).isTrue();
    }
  }

  private static String beyond(String most) {
    final Matcher number = Pattern.compile("^([\\d.]+)(.*)$").matcher(most);
    assertThat(number.matches()).isTrue();
    return number.group(1).contains(".")
        ? "0.51"
        : Long.parseLong(number.group(1)) + 1 + number.group(2);
  }

  private static boolean refused(String key, String value) {
    try {
      final Map<String, String> options = new TreeMap<>(ONE_OF_EACH);
      options.put(key, value);
      ConfigLoader.load(Optional.empty(), options);
      return false;
    } catch (ConfigErrors e) {
      return e.errors().stream()
          .anyMatch(error -> error.key().equals(key) && error.message().contains(" to "));
    }
  }

  @Test
  void shouldAnswerToTheParametersOfTheOtherServers() {
    final String comments =
        String.join(" ", leaves().values().stream().map(ReferenceTest::comment).toList());
    assertThat(comments)
        .contains(
            "keepalive_mechanism",
            "keepalive_timeout",
            "ping_application_data",
            "sub_protocols",
            "cors_mode",
            "ws_port",
            "wss_port",
            "ws_max_msg_chunks",
            "wss_max_msg_chunks",
            "ws_send_timeout",
            "wss_send_timeout",
            "ws_resource",
            "wss_resource",
            "require_origin",
            "ws_handshake_timeout",
            "wss_handshake_timeout",
            "wss_tls_handshake_timeout",
            "flow_token_key",
            "enable_r2",
            "enable_double_rr",
            "tcp_connect_timeout",
            "tcp_accept_no_cl",
            "udp_mtu",
            "ds_ping_interval",
            "fr_timer",
            "fr_inv_timer",
            "fr_timeout",
            "fr_inv_timeout",
            "t_relay");
  }
}
