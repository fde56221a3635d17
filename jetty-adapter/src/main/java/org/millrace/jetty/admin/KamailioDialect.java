package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * As Kamailio's {@code jsonrpcs} answers (F-6): the HTTP status and its reason are the fault's, and
 * what is no call at all gets an empty result. Unlike there, what is no JSON gets 400, not silence.
 */
final class KamailioDialect implements RpcDialect {
  private static final int LEAST_STATUS = 101;
  private static final int SERVER_ERROR = 500;
  private static final int EXECUTION_ERROR = -32000;

  private final RpcMethods methods;

  KamailioDialect(RpcMethods methods) {
    this.methods = methods;
  }

  @Override
  public boolean isPretty() {
    return true;
  }

  @Override
  public RpcAnswer answer(byte[] body, String caller) {
    final JsonNode request = RpcDialect.parse(body);
    if (request == null) {
      return fault(null, 400, "Invalid JSON");
    }
    final JsonNode id = request.get("id");
    final JsonNode method = request.get("method");
    if (!"2.0".equals(request.path("jsonrpc").textValue())
        || method == null
        || !method.isTextual()) {
      return result(id, JSON.createObjectNode());
    }
    if (!methods.has(method.textValue())) {
      return fault(id, SERVER_ERROR, "Method Not Found");
    }
    final JsonNode params = request.get("params");
    try {
      return result(
          id,
          methods.call(
              method.textValue(),
              new RpcParams(params != null && params.isContainerNode() ? params : null),
              caller));
    } catch (RpcFault e) {
      return fault(id, e.code(), e.getMessage());
    }
  }

  private static RpcAnswer result(JsonNode id, JsonNode result) {
    return RpcAnswer.ok(withId(start().<ObjectNode>set("result", result), id));
  }

  private static RpcAnswer fault(JsonNode id, int code, String message) {
    final ObjectNode body = start();
    body.putObject("error").put("code", code == 0 ? EXECUTION_ERROR : code).put("message", message);
    return new RpcAnswer(code < LEAST_STATUS ? SERVER_ERROR : code, message, withId(body, id));
  }

  private static ObjectNode start() {
    return JSON.createObjectNode().put("jsonrpc", "2.0");
  }

  /** As a number or a string, as it came. */
  private static ObjectNode withId(ObjectNode answer, JsonNode id) {
    return id != null && id.isValueNode() ? answer.set("id", id) : answer;
  }
}
