package org.millrace.engine.sip;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The addresses that are this side's, as Route values and Vias name them (C-5, C-16): sockets
 * towards the core, and listeners for clients as far as they have had connections. Any thread.
 */
final class OwnNames {
  /** More listeners than these are not remembered as names of this side. */
  private static final int MOST_LISTENERS = 256;

  private record Key(boolean secure, String host, int port) {}

  private final CoreSocket[] socketsById;
  private final CoreSocket[] sockets;
  private final ConcurrentMap<Key, ListenerAddress> byKey = new ConcurrentHashMap<>();
  private volatile ListenerAddress[] listeners = {};

  OwnNames(List<CoreSocket> sockets) {
    this.sockets = sockets.toArray(CoreSocket[]::new);
    final int limit = sockets.stream().mapToInt(CoreSocket::id).max().orElse(-1) + 1;
    socketsById = new CoreSocket[limit];
    sockets.forEach(socket -> socketsById[socket.id()] = socket);
  }

  /** Null if there is none with that id. */
  CoreSocket socket(int id) {
    return id < socketsById.length ? socketsById[id] : null;
  }

  /** The address of the listener that a flow belongs to: the same object for all of them. */
  ListenerAddress listener(FlowInfo info) {
    final Key key = new Key(info.secure(), info.host(), info.port());
    final ListenerAddress known = byKey.get(key);
    if (known != null) {
      return known;
    }
    return newListener(key);
  }

  private synchronized ListenerAddress newListener(Key key) {
    final ListenerAddress address = new ListenerAddress(key.secure, key.host, key.port);
    if (byKey.size() >= MOST_LISTENERS) {
      return address;
    }
    final ListenerAddress before = byKey.putIfAbsent(key, address);
    listeners = byKey.values().toArray(ListenerAddress[]::new);
    return before == null ? address : before;
  }

  /**
   * Whether the host, port and transport of a URI are of this side.
   *
   * @param transport that it names, or null if it names none.
   */
  boolean has(byte[] buffer, SipUri uri, CoreTransport transport) {
    for (final CoreSocket socket : sockets) {
      if (isTransport(socket.transport(), transport)
          && isPort(uri, socket.port(), socket.transport().defaultPort())
          && isHost(buffer, uri, socket.lowerHost())) {
        return true;
      }
    }
    if (transport != null && transport != CoreTransport.WS && transport != CoreTransport.WSS) {
      return false;
    }
    for (final ListenerAddress listener : listeners) {
      if (isPort(uri, listener.port(), listener.defaultPort())
          && isHost(buffer, uri, listener.lowerHost())) {
        return true;
      }
    }
    return false;
  }

  /** {@code ws} is also said of WSS (B-8). */
  private static boolean isTransport(CoreTransport has, CoreTransport named) {
    return named == null || has == named || (named == CoreTransport.WS && has == CoreTransport.WSS);
  }

  private static boolean isPort(SipUri uri, int port, int defaultPort) {
    return uri.port() == port || (uri.port() < 0 && port == defaultPort);
  }

  private static boolean isHost(byte[] buffer, SipUri uri, byte[] lowerHost) {
    return Octets.equalIgnoringCase(buffer, uri.hostOffset(), uri.hostLength(), lowerHost);
  }

  /** Whether a Via was pushed by a socket towards the core. */
  boolean isSocket(byte[] buffer, ViaValue via) {
    final int port = via.port(buffer);
    for (final CoreSocket socket : sockets) {
      if (socket.port() == port && via.isHost(buffer, socket.lowerHost())) {
        return true;
      }
    }
    return false;
  }

  /** Whether a Via was pushed towards a client. */
  boolean isListener(byte[] buffer, ViaValue via) {
    final int port = via.port(buffer);
    for (final ListenerAddress listener : listeners) {
      if (listener.port() == port && via.isHost(buffer, listener.lowerHost())) {
        return true;
      }
    }
    return false;
  }
}
