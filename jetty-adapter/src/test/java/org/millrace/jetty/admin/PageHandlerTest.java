package org.millrace.jetty.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page with two clients, as browsers get it. */
class PageHandlerTest {
  @TempDir private Path library;

  private final HttpClient client = HttpClient.newHttpClient();
  private Server server;

  private void serve(Optional<Path> directory) throws Exception {
    server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(new PageHandler(directory));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    final HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void shouldServeThePageAndWhatItNeeds() throws Exception {
    Files.writeString(library.resolve("jssip.js"), "var JsSIP;");
    serve(Optional.of(library));
    final HttpResponse<String> page = send("GET", "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "content-type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.body()).startsWith("<!DOCTYPE html>").doesNotContain("style=", "onclick");
    assertThat(header(send("GET", "/demo/page.css"), "content-type")).startsWith("text/css");
    assertThat(header(send("GET", "/demo/page.js"), "content-type")).startsWith("text/javascript");
    assertThat(send("GET", "/demo/jssip.js").body()).isEqualTo("var JsSIP;");
    assertThat(page.body().lines().filter(line -> line.contains("<script")))
        .allMatch(line -> line.contains("src=\"/demo/"));
  }

  @Test
  void shouldLetNothingInFromElsewhere() throws Exception {
    serve(Optional.empty());
    final HttpResponse<String> page = send("GET", "/");
    assertThat(header(page, "content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void shouldAnswerWhatIsKnownAlreadyWith304() throws Exception {
    serve(Optional.empty());
    final HttpResponse<String> first = send("GET", "/");
    assertThat(header(first, "cache-control")).isEqualTo("no-cache");
    final HttpResponse<String> again = send("GET", "/", "If-None-Match", header(first, "etag"));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void shouldSayWhatIsNotThere() throws Exception {
    serve(Optional.of(library));
    assertThat(send("GET", "/demo/jssip.js").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/demo/").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/demo/../pom.xml").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldOnlyBeRead() throws Exception {
    serve(Optional.empty());
    final HttpResponse<String> response = send("POST", "/");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(header(response, "allow")).isEqualTo("GET, HEAD");
    final HttpResponse<String> head = send("HEAD", "/");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(Integer.parseInt(header(head, "content-length"))).isPositive();
    assertThat(head.body()).isEmpty();
  }
}
