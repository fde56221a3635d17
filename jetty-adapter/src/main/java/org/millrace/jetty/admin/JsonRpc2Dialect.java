package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** As the JSON-RPC 2.0 specification says, over HTTP with status 200. */
final class JsonRpc2Dialect implements RpcDialect {
  private static final int PARSE_ERROR = -32700;
  private static final int INVALID_REQUEST = -32600;
  private static final int METHOD_NOT_FOUND = -32601;
  private static final int INVALID_PARAMS = -32602;
  private static final int INTERNAL_ERROR = -32603;
  private static final int NO_CONTENT = 204;
  private static final int MAX_BATCH = 100;

  private final RpcMethods methods;

  JsonRpc2Dialect(RpcMethods methods) {
    this.methods = methods;
  }

  @Override
  public boolean isPretty() {
    return false;
  }

  @Override
  public RpcAnswer answer(byte[] body, String caller) {
    final JsonNode request = RpcDialect.parse(body);
    final JsonNode answer;
    if (request == null) {
      answer = error(NullNode.instance, PARSE_ERROR, "Parse error");
    } else if (request.isArray() && !request.isEmpty()) {
      answer = answerAll(request, caller);
    } else {
      answer = answerOne(request, caller);
    }
    return answer == null ? new RpcAnswer(NO_CONTENT, null, null) : RpcAnswer.ok(answer);
  }

  private JsonNode answerAll(JsonNode batch, String caller) {
    if (batch.size() > MAX_BATCH) {
      return error(NullNode.instance, INVALID_REQUEST, "More than " + MAX_BATCH + " calls");
    }
    final ArrayNode answers = JSON.createArrayNode();
    for (final JsonNode request : batch) {
      final JsonNode answer = answerOne(request, caller);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers.isEmpty() ? null : answers;
  }

  /** Null for a notification. */
  private JsonNode answerOne(JsonNode request, String caller) {
    final JsonNode id = request.get("id");
    final JsonNode method = request.get("method");
    final JsonNode params = request.get("params");
    if (!"2.0".equals(request.path("jsonrpc").textValue())
        || method == null
        || !method.isTextual()
        || (params != null && !params.isContainerNode())
        || (id != null && !id.isValueNode())) {
      return error(
          id != null && id.isValueNode() ? id : NullNode.instance,
          INVALID_REQUEST,
          "Invalid Request");
    }
    final JsonNode answer = call(id, method.textValue(), new RpcParams(params), caller);
    return id == null ? null : answer;
  }

  private JsonNode call(JsonNode id, String method, RpcParams params, String caller) {
    if (!methods.has(method)) {
      return error(id, METHOD_NOT_FOUND, "Method not found");
    }
    try {
      return withId(
          JSON.createObjectNode()
              .put("jsonrpc", "2.0")
              .set("result", methods.call(method, params, caller)),
          id);
    } catch (RpcFault e) {
      return error(id, codeOf(e), e.getMessage());
    }
  }

  private static int codeOf(RpcFault fault) {
    if (fault.isInvalidParams()) {
      return INVALID_PARAMS;
    }
    return fault.code() == 0 ? INTERNAL_ERROR : fault.code();
  }

  private static ObjectNode error(JsonNode id, int code, String message) {
    final ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.putObject("error").put("code", code).put("message", message);
    return withId(answer, id);
  }

  private static ObjectNode withId(ObjectNode answer, JsonNode id) {
    return answer.set("id", id);
  }
}
