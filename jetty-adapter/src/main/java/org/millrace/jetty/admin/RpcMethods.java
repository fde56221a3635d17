package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All methods by name. Those that change something leave a line in the audit log (F-10). */
final class RpcMethods {
  private static final Logger AUDIT = LoggerFactory.getLogger("org.millrace.audit");
  private static final Logger LOG = LoggerFactory.getLogger(RpcMethods.class);
  private static final int MAX_LOGGED_PARAMS = 256;

  private record Entry(RpcMethod method, boolean changes) {}

  private final Map<String, Entry> methods = new HashMap<>();

  /** Adds a method that only looks. */
  void look(String name, RpcMethod method) {
    methods.put(name, new Entry(method, false));
  }

  /** Adds a method that changes something. */
  void change(String name, RpcMethod method) {
    methods.put(name, new Entry(method, true));
  }

  boolean has(String name) {
    return methods.containsKey(name);
  }

  /**
   * Calls a method that there is.
   *
   * @param caller for the audit log.
   */
  JsonNode call(String name, RpcParams params, String caller) throws RpcFault {
    final Entry entry = methods.get(name);
    String outcome = "failed";
    try {
      final JsonNode result = entry.method().call(params);
      outcome = "done";
      return result;
    } catch (RpcFault fault) {
      outcome = fault.code() + " " + fault.getMessage();
      throw fault;
    } catch (RuntimeException e) {
      LOG.error("{} failed", name, e);
      throw RpcFault.of(0, "Execution Error");
    } finally {
      if (entry.changes()) {
        AUDIT.info("{} called {} {}: {}", caller, name, shortened(params.toString()), outcome);
      }
    }
  }

  private static String shortened(String params) {
    return params.length() <= MAX_LOGGED_PARAMS
        ? params
        : params.substring(0, MAX_LOGGED_PARAMS) + "...";
  }
}
