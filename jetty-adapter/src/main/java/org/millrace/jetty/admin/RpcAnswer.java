package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a call is answered with.
 *
 * @param status of HTTP.
 * @param reason of HTTP; null for the usual one.
 * @param body null for none.
 */
record RpcAnswer(int status, String reason, JsonNode body) {
  static RpcAnswer ok(JsonNode body) {
    return new RpcAnswer(200, null, body);
  }
}
