package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.shard.ConnectionId;
import org.millrace.jetty.config.HostPort;

/**
 * {@code millrace.connections}: all connections, a page at a time (F-9). Parameters are limit,
 * cursor, address, subProtocol, identity, state. A page may be short, or empty, and others follow:
 * the end is where the cursor is null. Connections that are there all the while are listed exactly
 * once.
 */
final class ConnectionListing implements RpcMethod {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;
  private static final int SLOTS_PER_VISIT = 4_096;

  /** A page of a rare kind of connection takes no longer than this to look for. */
  private static final long MAX_SEARCH_NS = 2_000_000_000L;

  private static final Pattern CURSOR = Pattern.compile("(\\d{1,3})\\.(\\d{1,9})");

  private final EngineAccess engine;
  private final Function<Connection, FlowView> flows;

  ConnectionListing(EngineAccess engine, Function<Connection, FlowView> flows) {
    this.engine = engine;
    this.flows = flows;
  }

  /** Where a page begins. */
  private record Cursor(int shard, int slot) {
    @Override
    public String toString() {
      return shard + "." + slot;
    }
  }

  /** Gathers a page on the shards, one after another. */
  private final class Page {
    private final int limit;
    private final ConnectionFilter filter;
    private final List<ConnectionView> views = new ArrayList<>();
    private Cursor overflow;

    private Page(int limit, ConnectionFilter filter) {
      this.limit = limit;
      this.filter = filter;
    }

    private void show(Connection connection) {
      if (overflow != null) {
        return;
      }
      final FlowView flow = flows.apply(connection);
      if (filter.matches(connection, flow)) {
        if (views.size() < limit) {
          views.add(ConnectionView.of(connection, flow));
        } else {
          final long id = connection.id();
          overflow = new Cursor(ConnectionId.shard(id), ConnectionId.slot(id));
        }
      }
    }
  }

  @Override
  public JsonNode call(RpcParams params) throws RpcFault {
    final Page page =
        new Page(
            params.integer("limit", 0, 1, MAX_LIMIT, DEFAULT_LIMIT), ConnectionFilter.of(params));
    final Optional<Cursor> next = fill(page, cursor(params));
    final long nowNs = engine.nowNs();
    final ObjectNode result = RpcDialect.JSON.createObjectNode();
    final ArrayNode connections = result.putArray("connections");
    page.views.forEach(view -> connections.add(toJson(view, nowNs)));
    result.put("cursor", next.map(Cursor::toString).orElse(null));
    return result;
  }

  private Cursor cursor(RpcParams params) throws RpcFault {
    final Optional<String> text = params.text("cursor", 1);
    if (text.isEmpty()) {
      return new Cursor(0, 0);
    }
    final Matcher parts = CURSOR.matcher(text.get());
    if (!parts.matches() || Integer.parseInt(parts.group(1)) >= engine.shards()) {
      throw RpcFault.invalidParams(400, "cursor: must be one that a page has ended with");
    }
    return new Cursor(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  /** Returns where the next page begins, if there is one. */
  private Optional<Cursor> fill(Page page, Cursor from) throws RpcFault {
    final long startNs = engine.nowNs();
    Cursor at = from;
    while (at.shard() < engine.shards()) {
      final int nextSlot = engine.visit(at.shard(), at.slot(), SLOTS_PER_VISIT, page::show);
      if (page.overflow != null) {
        return Optional.of(page.overflow);
      }
      at = nextSlot < 0 ? new Cursor(at.shard() + 1, 0) : new Cursor(at.shard(), nextSlot);
      if (at.shard() < engine.shards() && engine.nowNs() - startNs > MAX_SEARCH_NS) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static ObjectNode toJson(ConnectionView view, long nowNs) {
    return RpcDialect.JSON
        .createObjectNode()
        .put("id", view.id())
        .put("remote", text(view.remote()))
        .put("local", text(view.local()))
        .put("listener", view.flow().listener())
        .put("path", view.flow().path())
        .put("subProtocol", view.flow().subProtocol())
        .put("secure", view.flow().secure())
        .put("identity", view.flow().identity().orElse(null))
        .put("state", view.state().name())
        .put("awaitingPong", view.awaitingPong())
        .put("ageSeconds", view.ageSeconds(nowNs))
        .put("idleSeconds", view.idleSeconds(nowNs))
        .put("rttMicros", view.rttMicros() < 0 ? null : view.rttMicros())
        .put("queuedBytes", view.queuedBytes());
  }

  /** An address and a port, an IPv6 address in brackets. */
  private static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      return HostPort.inUri(inet.getAddress().getHostAddress()) + ":" + inet.getPort();
    }
    return address == null ? null : address.toString();
  }
}
