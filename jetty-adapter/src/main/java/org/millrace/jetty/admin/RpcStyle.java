package org.millrace.jetty.admin;

/** Whose conventions JSON-RPC follows where they differ (F-6). */
public enum RpcStyle {
  /** Kamailio's {@code jsonrpcs}: the fault's code is the HTTP status. */
  KAMAILIO,
  /** JSON-RPC 2.0 as specified: HTTP status 200, batches, notifications. */
  JSONRPC2
}
