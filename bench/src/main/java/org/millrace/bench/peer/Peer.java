package org.millrace.bench.peer;

import java.util.Locale;
import java.util.Optional;

/** An echo server in a JVM of its own. */
public enum Peer {
  /** Ourselves: Jetty's sockets and Jakarta container in front of the engine, one shard. */
  MILLRACE,
  /** Jetty's own Jakarta endpoint. */
  JETTY,
  /** Jetty's native WebSocket API. */
  JETTY_NATIVE,
  /** Netty with its epoll transport and one event loop. */
  NETTY,
  /** Undertow's native WebSocket API. */
  UNDERTOW,
  /** Tomcat's Jakarta endpoint. */
  TOMCAT;

  RunningPeer start(Identity identity) throws Exception {
    return switch (this) {
      case MILLRACE -> new MillraceServer(identity);
      case JETTY -> new JettyEcho(identity);
      case JETTY_NATIVE -> new JettyNativeEcho(identity);
      case NETTY -> new NettyEcho(identity);
      case UNDERTOW -> new UndertowEcho(identity);
      case TOMCAT -> new TomcatEcho(identity);
    };
  }

  /**
   * The directory of jars that this peer alone has, and before all others: Tomcat and Jetty each
   * bring the Jakarta classes, and what one finds of the other's is not what it was tested with.
   */
  Optional<String> jars() {
    return this == TOMCAT || this == UNDERTOW ? Optional.of(toString()) : Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
