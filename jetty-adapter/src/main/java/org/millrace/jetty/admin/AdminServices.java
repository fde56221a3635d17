package org.millrace.jetty.admin;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.Connection;

/**
 * What the admin listener shows and acts upon.
 *
 * @param flows what is known of an open connection; called on its shard, must not block.
 * @param counters further statistics by their names: those that begin with {@code ws_} belong to
 *     the group {@code websocket}, others to {@code millrace}.
 * @param refusals how many handshakes were refused, by reason.
 * @param upstreams the targets of the core: records or beans, listed as JSON.
 * @param revoke closes all connections of an identity and tells how many there were.
 * @param dialer connects with the core over WebSocket.
 * @param version of this program.
 */
public record AdminServices(
    Engine engine,
    AdmissionSwitch admission,
    Drain drain,
    Function<Connection, FlowView> flows,
    Map<String, LongSupplier> counters,
    Supplier<Map<String, Long>> refusals,
    BindingLookup bindings,
    Supplier<Collection<?>> upstreams,
    ToIntFunction<String> revoke,
    WsDialer dialer,
    String version,
    RpcStyle rpcStyle) {}
