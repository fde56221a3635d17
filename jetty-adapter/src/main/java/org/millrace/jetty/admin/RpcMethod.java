package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;

/** One method of the admin interface. Called on threads of the admin listener, may wait. */
@FunctionalInterface
interface RpcMethod {
  /** The result, never null. */
  JsonNode call(RpcParams params) throws RpcFault;
}
