package org.millrace.jetty.admin;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionState;
import org.millrace.jetty.config.Network;

/**
 * Which connections are listed: those to which everything applies that is given.
 *
 * @param address of the client.
 */
record ConnectionFilter(
    Optional<Network> address,
    Optional<String> subProtocol,
    Optional<String> identity,
    Optional<ConnectionState> state) {

  /** From named parameters. */
  static ConnectionFilter of(RpcParams params) throws RpcFault {
    return new ConnectionFilter(
        network(params.text("address", 2)),
        params.text("subProtocol", 3).map(name -> name.toLowerCase(Locale.ROOT)),
        params.text("identity", 4),
        state(params.text("state", 5)));
  }

  private static Optional<Network> network(Optional<String> text) throws RpcFault {
    try {
      return text.map(Network::parse);
    } catch (IllegalArgumentException e) {
      throw RpcFault.invalidParams(400, "address: " + e.getMessage());
    }
  }

  private static Optional<ConnectionState> state(Optional<String> text) throws RpcFault {
    try {
      return text.map(name -> ConnectionState.valueOf(name.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw RpcFault.invalidParams(400, "state: must be OPEN or CLOSING");
    }
  }

  /** On the connection's shard. */
  boolean matches(Connection connection, FlowView flow) {
    return (state.isEmpty() || connection.state() == state.get())
        && (subProtocol.isEmpty() || flow.subProtocol().equals(subProtocol.get()))
        && (identity.isEmpty() || identity.equals(flow.identity()))
        && (address.isEmpty() || isWithin(address.get(), connection));
  }

  private static boolean isWithin(Network network, Connection connection) {
    return connection.remoteAddress() instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && network.contains(inet.getAddress());
  }
}
