package org.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.bench.environment.Environment;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
  @TempDir private Path directory;

  private static Report report() {
    return Report.titled("Echo & <friends>")
        .summary("One is 2 * faster than `a|b`.")
        .command("./millrace bench peers --peers \"a<b\"")
        .environment(
            new Environment("a cpu", "an os", "a jdk", List.of("-flag"), "abc+", "0.1 0.2 0.3"))
        .measuredAt(Instant.parse("2026-01-02T03:04:05Z"))
        .heading("What <it> is")
        .paragraph("Some `code <x>` & text.")
        .points(List.of("one", "two_three"))
        .table(Table.of("Figures", "peer", "us|each").row("<netty>", "1.5"))
        .plot(BarPlot.of("Bars <of> it", List.of("a", "b")).y("us").series("netty", 1, 2))
        .plot(LinePlot.of("Lines").line("l", new double[] {1, 2}, new double[] {3, 4}))
        .data("{\"a\": 1}");
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void htmlIsOneFileWithEverythingEscaped() throws Exception {
    report().writeTo(directory, "echo");
    assertThat(read("echo.html"))
        .contains("<title>Echo &amp; &lt;friends&gt;</title>")
        .contains("<pre>./millrace bench peers --peers &quot;a&lt;b&quot;</pre>")
        .contains("cpu: a cpu\n")
        .contains("Measured 2026-01-02 03:04 UTC")
        .contains("<p>Some <code>code &lt;x&gt;</code> &amp; text.</p>")
        .contains("<tr><td>&lt;netty&gt;</td><td>1.5</td></tr>")
        .contains("<svg ")
        .contains("aria-label=\"Bars &lt;of&gt; it\"")
        .contains("prefers-color-scheme: dark")
        .doesNotContain("<netty>", "<friends>", "<script", "src=", "url(");
  }

  @Test
  void markdownHasTablesAndPlotsBesideIt() throws Exception {
    report().writeTo(directory, "echo");
    assertThat(read("echo.md"))
        .startsWith("# Echo & \\<friends\\>\n\n**One is 2 \\* faster than `a\\|b`.**\n")
        .contains("```text\n./millrace bench peers --peers \"a<b\"\n```")
        .contains("| peer | us\\|each |\n| --- | ---: |\n| \\<netty\\> | 1.5 |\n")
        .contains("- one\n- two\\_three\n")
        .contains("![Bars \\<of\\> it](echo-plot-1.svg)")
        .contains("![Lines](echo-plot-2.svg)")
        .contains("[echo.json](echo.json)");
    assertThat(read("echo.json")).isEqualTo("{\"a\": 1}\n");
  }

  @Test
  void plotsAreWellFormedWithABarForEachValue() throws Exception {
    report().writeTo(directory, "echo");
    final Document bars = parse(read("echo-plot-1.svg"));
    assertThat(bars.getDocumentElement().getNodeName()).isEqualTo("svg");
    assertThat(bars.getElementsByTagName("rect").getLength()).isEqualTo(1 + 2);
    assertThat(
            parse(read("echo-plot-2.svg")).getElementsByTagName("polyline").item(0).getAttributes())
        .isNotNull();
  }

  @Test
  void whatAnEarlierReportLeftIsReplaced() throws Exception {
    report().writeTo(directory, "echo");
    Report.titled("Other").command("x").writeTo(directory, "echo-plot");
    Report.titled("Again").command("x").writeTo(directory, "echo");
    assertThat(directory.resolve("echo-plot-1.svg")).doesNotExist();
    assertThat(directory.resolve("echo-plot.html")).exists();
    assertThat(read("echo.html")).contains("<h1>Again</h1>");
  }

  @Test
  void theIndexListsAllReportsAndBaselines() throws Exception {
    report().writeTo(directory, "echo");
    Files.createDirectories(directory.resolve("baseline"));
    Files.writeString(directory.resolve("baseline").resolve("jmh.json"), "{}");
    Report.titled("Capacity").summary("Much.").command("x").writeTo(directory, "capacity");
    assertThat(read("README.md"))
        .contains("- [Capacity](capacity.md)")
        .contains("- [Echo & \\<friends\\>](echo.md) (2026-01-02 03:04 UTC, [HTML](echo.html)) One")
        .contains("[baseline/jmh.json](baseline/jmh.json)")
        .doesNotContain("echo.json");
    assertThat(read("index.html"))
        .contains("<a href=\"echo.html\">Echo &amp; &lt;friends&gt;</a>")
        .contains("<a href=\"baseline/jmh.json\">")
        .containsOnlyOnce("capacity.html");
  }

  @Test
  void aReportHasAPlainNameOfItsOwn() {
    for (final String name : List.of("", "../x", "Index", "index", "a.b")) {
      assertThatThrownBy(() -> report().writeTo(directory, name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aRowHasACellForEachColumn() {
    assertThatThrownBy(() -> Table.of("", "a", "b").row("1"))
        .hasMessageContaining("1 cells where there are 2 columns");
  }
}
