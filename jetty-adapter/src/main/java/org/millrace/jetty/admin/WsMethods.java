package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.frame.CloseCode;

/** The methods of Kamailio's {@code websocket} module (F-1). */
final class WsMethods {
  private static final int FAULT = 500;

  private final EngineAccess engine;

  private WsMethods(EngineAccess engine) {
    this.engine = engine;
  }

  static void addTo(RpcMethods methods, EngineAccess engine, AdminServices services) {
    final WsMethods ws = new WsMethods(engine);
    methods.look("ws.dump", new WsDump(engine, services.flows()));
    methods.change(
        "ws.close",
        params ->
            ws.act(
                params,
                connection -> connection.close(CloseCode.NORMAL, "Normal closure"),
                "Error closing connection"));
    methods.change("ws.ping", params -> ws.act(params, Connection::ping, "Error sending frame"));
    methods.change("ws.pong", params -> ws.act(params, Connection::pong, "Error sending frame"));
    methods.change("ws.connect", params -> connect(params, services.dialer()));
    methods.change(
        "ws.enable",
        params -> {
          services.admission().enable();
          return nothing();
        });
    methods.change(
        "ws.disable",
        params -> {
          services.admission().disable();
          return nothing();
        });
  }

  /** Kamailio's parameters, all of them; here only a target that is configured will do. */
  private static JsonNode connect(RpcParams params, WsDialer dialer) throws RpcFault {
    final JsonNode port = params.at(1);
    final JsonNode secure = params.at(4);
    if (params.size() != 5
        || !port.canConvertToInt()
        || !(secure.isBoolean() || secure.canConvertToInt())
        || !params.at(0).isTextual()
        || !params.at(2).isTextual()
        || !params.at(3).isTextual()) {
      throw RpcFault.invalidParams(
          400, "Invalid parameters. Expected host, port, path, subprotocol, tls");
    }
    final boolean begun =
        dialer.connect(
            params.at(0).textValue(),
            port.intValue(),
            params.at(2).textValue(),
            params.at(3).textValue(),
            secure.asBoolean());
    if (!begun) {
      throw RpcFault.of(FAULT, "Failed to initiate outbound websocket handshake");
    }
    return TextNode.valueOf("Outbound websocket handshake initiated");
  }

  private JsonNode act(RpcParams params, Predicate<Connection> action, String refused)
      throws RpcFault {
    final OptionalLong id = params.id(0);
    if (id.isEmpty()) {
      throw RpcFault.invalidParams(FAULT, "Invalid Parameters");
    }
    return switch (engine.act(id.getAsLong(), action)) {
      case DONE -> nothing();
      case REFUSED -> throw RpcFault.of(FAULT, refused);
      case NO_SUCH_CONNECTION -> throw RpcFault.of(FAULT, "Unknown connection ID");
    };
  }

  private static JsonNode nothing() {
    return RpcDialect.JSON.createObjectNode();
  }
}
