package org.millrace.jetty.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON-RPC as one of the {@link RpcStyle}s has it. */
interface RpcDialect {
  JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Answers the body of a request.
   *
   * @param caller for the audit log.
   */
  RpcAnswer answer(byte[] body, String caller);

  /** Whether answers are laid out for people. */
  boolean isPretty();

  static RpcDialect of(RpcStyle style, RpcMethods methods) {
    return switch (style) {
      case KAMAILIO -> new KamailioDialect(methods);
      case JSONRPC2 -> new JsonRpc2Dialect(methods);
    };
  }

  /** The body as JSON; null if it is none. */
  static JsonNode parse(byte[] body) {
    try {
      final JsonNode node = JSON.readTree(body);
      return node == null || node.isMissingNode() ? null : node;
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }
}
