package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Our own methods (F-9). */
final class MillraceMethods {
  private static final int DEFAULT_ADDRESSES = 1_000;
  private static final int MAX_ADDRESSES = 100_000;

  private final AdminServices services;

  private MillraceMethods(AdminServices services) {
    this.services = services;
  }

  static void addTo(RpcMethods methods, EngineAccess engine, AdminServices services) {
    final MillraceMethods own = new MillraceMethods(services);
    methods.look("millrace.connections", new ConnectionListing(engine, services.flows()));
    methods.look("millrace.bindings", own::bindings);
    methods.look("millrace.upstreams", params -> own.upstreams());
    methods.look("millrace.refusals", params -> own.refusals());
    methods.look("millrace.version", params -> own.version());
    methods.look("millrace.status", params -> own.status());
    methods.change("millrace.revoke", own::revoke);
    methods.change("millrace.drain", params -> own.drain());
    methods.change("millrace.undrain", params -> own.undrain());
  }

  /** Parameters are address, {@code user@host}, or limit, of addresses. */
  private JsonNode bindings(RpcParams params) throws RpcFault {
    final Optional<String> address = params.text("address", 0);
    final int limit = params.integer("limit", 1, 1, MAX_ADDRESSES, DEFAULT_ADDRESSES);
    final Collection<?> bindings =
        address.isPresent()
            ? services.bindings().of(address.get())
            : services.bindings().some(limit);
    final ObjectNode result = RpcDialect.JSON.createObjectNode();
    final ArrayNode list = result.putArray("bindings");
    bindings.forEach(list::addPOJO);
    return result;
  }

  private JsonNode upstreams() {
    final ObjectNode result = RpcDialect.JSON.createObjectNode();
    final ArrayNode list = result.putArray("upstreams");
    services.upstreams().get().forEach(list::addPOJO);
    return result;
  }

  /** The parameter is identity, {@code user@host} or {@code user} (B-24). */
  private JsonNode revoke(RpcParams params) throws RpcFault {
    final String identity =
        params
            .text("identity", 0)
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> RpcFault.invalidParams(400, "identity: must be set"));
    return RpcDialect.JSON.createObjectNode().put("closed", services.revoke().applyAsInt(identity));
  }

  private JsonNode refusals() {
    final ObjectNode result = RpcDialect.JSON.createObjectNode();
    for (final Map.Entry<String, Long> reason :
        new TreeMap<>(services.refusals().get()).entrySet()) {
      result.put(reason.getKey(), reason.getValue());
    }
    return result;
  }

  private JsonNode version() {
    return RpcDialect.JSON.createObjectNode().put("version", services.version());
  }

  /** The answer of drain and undrain as well. */
  private JsonNode status() {
    final Drain.Status status = services.drain().status();
    final ObjectNode result =
        RpcDialect.JSON
            .createObjectNode()
            .put("ready", services.admission().isReady())
            .put("enabled", services.admission().isEnabled());
    result
        .putObject("drain")
        .put("phase", status.phase().name().toLowerCase(Locale.ROOT))
        .put("connections", status.connections())
        .put("closesLeft", status.closesLeft());
    return result;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the answer says that it has begun
  private JsonNode drain() {
    services.drain().drain();
    return status();
  }

  private JsonNode undrain() throws RpcFault {
    if (!services.drain().undrain()) {
      throw RpcFault.of(409, "Connections are being closed already");
    }
    return status();
  }
}
