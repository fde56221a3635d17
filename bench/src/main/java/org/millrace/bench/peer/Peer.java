package org.millrace.bench.peer;

import java.util.Locale;

/** Whom to measure. */
public enum Peer {
  /** Ourselves: Jetty's sockets and Jakarta container in front of the engine, one shard. */
  MILLRACE,
  /** Jetty's own Jakarta endpoint. */
  JETTY,
  /** Netty with its epoll transport and one event loop. */
  NETTY;

  EchoPeer start() throws Exception {
    return switch (this) {
      case MILLRACE -> new MillraceEcho();
      case JETTY -> new JettyEcho();
      case NETTY -> new NettyEcho();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
