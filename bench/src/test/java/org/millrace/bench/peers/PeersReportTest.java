package org.millrace.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.bench.environment.Environment;

class PeersReportTest {
  private static final String COMMAND = "./millrace bench peers --quick";
  private static final Environment ENVIRONMENT = Environment.of(List.of("-flag"));

  private final Results results = new Results();
  private final Map<Contender, String> notes = new EnumMap<>(Contender.class);

  private PeersReport report() {
    notes.put(Contender.MILLRACE, "ours");
    notes.put(Contender.NETTY, "theirs");
    add(Contender.MILLRACE, Figure.MESSAGES, 1000, 3000, 2000);
    add(Contender.NETTY, Figure.MESSAGES, 500, 1500, 1000);
    add(Contender.MILLRACE, Figure.MESSAGE_CPU, 1.234, 1.234, 1.234);
    add(Contender.NETTY, Figure.MESSAGE_CPU, 0.6, 0.7, 0.8);
    results.generatorBound(new Results.Key(Contender.MILLRACE, false, Figure.MESSAGES));
    results.remark(1, "netty <stumbled>");
    return new PeersReport(
        COMMAND, ENVIRONMENT, new Settings(), notes, List.of(false, true), results);
  }

  private void add(Contender contender, Figure figure, double... rounds) {
    for (int i = 0; i < rounds.length; i++) {
      results.add(new Results.Key(contender, false, figure), i + 1, rounds[i]);
    }
  }

  @Test
  void tablesHoldMedianSpreadAndRatio() {
    assertThat(report().lines())
        .anyMatch(
            line -> line.matches("millrace +ws +2,000\\* \\(1,000–3,000\\) +1.00 +1.23 +1.00"))
        .anyMatch(line -> line.matches("netty +ws +1,000 \\(500–1,500\\) +0.50 .*0.57"))
        .anyMatch(line -> line.matches("netty +wss +– +– +– +–"))
        .contains("throughput over ws, server CPU us/message: netty has 0.70, Millrace 1.23")
        .last()
        .asString()
        .contains("the best of 1 of the 2");
  }

  @Test
  void theReportIsWrittenWithPlotsRemarksAndNotes(@TempDir Path directory) throws Exception {
    report().report("{}").writeTo(directory, "peers");
    assertThat(Files.readString(directory.resolve("peers.html")))
        .contains(COMMAND, "netty &lt;stumbled&gt; (round 1)", "<li>netty: theirs</li>", "<svg ")
        .contains("Where others are better:")
        .doesNotContain("NaN", "SIP: OPTIONS");
    assertThat(Files.readString(directory.resolve("peers.md")))
        .contains("| millrace | ws | 2,000\\* (1,000–3,000) | 1.00 | 1.23 | 1.00 |");
    assertThat(directory.resolve("peers-plot-2.svg")).exists();
    assertThat(directory.resolve("peers.json")).hasContent("{}");
  }

  @Test
  void jsonHoldsEveryRound() throws Exception {
    report();
    final JsonNode json =
        JsonMapper.builder().build().readTree(PeersJson.of(COMMAND, ENVIRONMENT, notes, results));
    assertThat(json.get("command").asText()).isEqualTo(COMMAND);
    assertThat(json.get("environment")).hasSameSizeAs(ENVIRONMENT.lines());
    assertThat(json.get("peers").get("netty").asText()).isEqualTo("theirs");
    assertThat(json.get("figures")).hasSize(4);
    final JsonNode netty = json.get("figures").get(1);
    assertThat(netty.get("peer").asText()).isEqualTo("netty");
    assertThat(netty.get("scheme").asText()).isEqualTo("ws");
    assertThat(netty.get("rounds")).hasSize(3);
    assertThat(netty.get("ratio").asDouble()).isEqualTo(0.5);
  }

  @Test
  void numbersHaveThreeDigitsThatMeanSomething() {
    assertThat(List.of(0.123456, 1.004, 12.34, 123.4, 123456.7))
        .extracting(PeersReport::number)
        .containsExactly("0.12", "1.00", "12.3", "123", "123,457");
  }
}
