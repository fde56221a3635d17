package org.millrace.jetty.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Speaks JSON-RPC 2.0 with the admin listener of an edge. */
final class AdminClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final URI endpoint;
  private final Optional<String> token;
  private final Duration timeout;

  /**
   * For one edge.
   *
   * @param base of the admin listener, without the path of JSON-RPC.
   * @param timeout from connecting to the head of the answer.
   */
  AdminClient(URI base, Optional<String> token, Duration timeout) {
    this.endpoint = base.resolve("/rpc");
    this.token = token;
    this.timeout = timeout;
  }

  /** The result of a method. */
  JsonNode call(String method, List<String> parameters) throws AdminFault, InterruptedException {
    final ObjectNode request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1);
    request.put("method", method).set("params", parameters(parameters));
    final HttpResponse<String> response = send(request);
    final Optional<JsonNode> body = parse(response.body());
    if (body.isPresent() && body.get().hasNonNull("error")) {
      final JsonNode error = body.get().get("error");
      throw new AdminFault(
          method
              + ": "
              + error.path("message").asText()
              + " ("
              + error.path("code").asText()
              + ")");
    }
    if (body.isEmpty() || !body.get().has("result")) {
      throw new AdminFault(unexpected(response));
    }
    return body.get().get("result");
  }

  /** What reads as JSON is JSON, such as numbers; everything else is a string. */
  private static ArrayNode parameters(List<String> parameters) {
    final ArrayNode array = JSON.createArrayNode();
    for (final String parameter : parameters) {
      final Optional<JsonNode> json = parse(parameter);
      if (json.isPresent()) {
        array.add(json.get());
      } else {
        array.add(parameter);
      }
    }
    return array;
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      final JsonNode node = JSON.readTree(text);
      return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private HttpResponse<String> send(ObjectNode body) throws AdminFault, InterruptedException {
    final HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .build()
          .send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new AdminFault(endpoint + " does not answer in time");
    } catch (ConnectException e) {
      throw new AdminFault(
          "nothing listens at "
              + endpoint
              + ": is the edge running, and admin.enabled? --url tells where it is");
    } catch (IOException e) {
      throw new AdminFault(endpoint + ": " + e.getMessage());
    }
  }

  private String unexpected(HttpResponse<String> response) {
    return switch (response.statusCode()) {
      case UNAUTHORIZED, FORBIDDEN ->
          endpoint
              + (token.isPresent() ? " does not take this token" : " wants a token")
              + " ("
              + response.statusCode()
              + "): --token, or MILLRACE_ADMIN_TOKEN, must be what admin.token is";
      case NOT_FOUND -> endpoint + " is not the admin listener of an edge (404)";
      default -> endpoint + " answers " + response.statusCode() + ", and no JSON-RPC";
    };
  }
}
