package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.millrace.engine.connection.Connection;

/**
 * Kamailio's {@code ws.dump} to the letter (F-2, AD-01): at most 50 connections, truncated also if
 * there are exactly 50, and two orders that are named the wrong way round.
 */
final class WsDump implements RpcMethod {
  private static final int MAX_ENTRIES = 50;
  private static final int SLOTS_PER_VISIT = 4_096;

  private enum Order {
    ID_HASH,
    /** The least recently used first. */
    USED_DESC,
    /** The most recently used first. */
    USED_ASC
  }

  private final EngineAccess engine;
  private final Function<Connection, FlowView> flows;

  WsDump(EngineAccess engine, Function<Connection, FlowView> flows) {
    this.engine = engine;
    this.flows = flows;
  }

  @Override
  public JsonNode call(RpcParams params) throws RpcFault {
    final List<ConnectionView> views = list(order(params));
    final long nowNs = engine.nowNs();
    final ObjectNode result = RpcDialect.JSON.createObjectNode();
    final ArrayNode connections = result.putArray("connections");
    for (final ConnectionView view : views) {
      connections.add(line(view, nowNs));
    }
    result
        .putObject("info")
        .put("wscounter", views.size())
        .put("truncated", views.size() == MAX_ENTRIES ? "yes" : "no");
    return result;
  }

  private static Order order(RpcParams params) throws RpcFault {
    final JsonNode order = params.at(0);
    if (order == null) {
      return Order.ID_HASH;
    }
    return switch (order.asText().toLowerCase(Locale.ROOT)) {
      case "id_hash" -> Order.ID_HASH;
      case "used_desc" -> Order.USED_DESC;
      case "used_asc" -> Order.USED_ASC;
      default -> throw RpcFault.invalidParams(400, "Bad display order parameter");
    };
  }

  private List<ConnectionView> list(Order order) throws RpcFault {
    if (order == Order.ID_HASH) {
      final List<ConnectionView> first = new ArrayList<>();
      visitAll(
          connection -> {
            if (first.size() < MAX_ENTRIES && isClient(connection)) {
              first.add(view(connection));
            }
          },
          first);
      return first;
    }
    final Comparator<ConnectionView> leastRecentFirst =
        Comparator.comparingLong(ConnectionView::lastReceivedNs);
    final Comparator<ConnectionView> wanted =
        order == Order.USED_DESC ? leastRecentFirst : leastRecentFirst.reversed();
    final PriorityQueue<ConnectionView> best = new PriorityQueue<>(wanted.reversed());
    visitAll(connection -> keepIfBetter(best, connection, order), List.of());
    return best.stream().sorted(wanted).toList();
  }

  /** Keeps the first 50 in the order asked for; the worst of them is at the queue's head. */
  private void keepIfBetter(
      PriorityQueue<ConnectionView> best, Connection connection, Order order) {
    if (!isClient(connection)) {
      return;
    }
    if (best.size() == MAX_ENTRIES) {
      final long difference = connection.lastReceivedNs() - best.peek().lastReceivedNs();
      if (order == Order.USED_DESC ? difference >= 0 : difference <= 0) {
        return;
      }
      best.poll();
    }
    best.add(view(connection));
  }

  /** Connections with the core need not be of WebSocket. */
  private boolean isClient(Connection connection) {
    return !flows.apply(connection).core();
  }

  private ConnectionView view(Connection connection) {
    return ConnectionView.of(connection, flows.apply(connection));
  }

  /** Shows the visitor every connection, until there are enough. */
  private void visitAll(Consumer<Connection> visitor, List<ConnectionView> enough) throws RpcFault {
    for (int shard = 0; shard < engine.shards(); shard++) {
      int slot = 0;
      while (slot >= 0 && enough.size() < MAX_ENTRIES) {
        slot = engine.visit(shard, slot, SLOTS_PER_VISIT, visitor);
      }
    }
  }

  private static String line(ConnectionView view, long nowNs) {
    final String protocol = view.flow().secure() ? "wss" : "ws";
    return view.id()
        + ": "
        + address(protocol, view.remote())
        + " -> "
        + address(protocol, view.local())
        + " (state: "
        + view.state()
        + ", "
        + (view.awaitingPong() ? "awaiting Pong, " : "")
        + " last used "
        + view.idleSeconds(nowNs)
        + "s ago, sub-protocol: "
        + subProtocol(view.flow().subProtocol())
        + ")";
  }

  private static String address(String protocol, SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? protocol + ":" + inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : protocol + ":" + address;
  }

  private static String subProtocol(String name) {
    return switch (name) {
      case "sip", "msrp" -> name;
      default -> "**UNKNOWN**";
    };
  }
}
