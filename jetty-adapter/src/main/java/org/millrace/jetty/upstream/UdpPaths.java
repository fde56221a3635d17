package org.millrace.jetty.upstream;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.Target;

/**
 * Numbers for where datagrams go, by which those that are repeated find their way after their
 * target is gone. A target that is gone can be sent to for a while: a router may have chosen it
 * just before, and CANCEL goes where its INVITE went. Read by any thread. A number is for ever:
 * there are only as many as the core ever has addresses.
 */
final class UdpPaths {
  /** By which socket, and where to. */
  record Path(int id, UdpSocket socket, InetSocketAddress address) {}

  private record Key(CoreSocket socket, InetSocketAddress address) {}

  private final Function<CoreSocket, UdpSocket> sockets;
  private final Map<Key, Path> known = new HashMap<>();
  private final Leaving<Target> leaving = new Leaving<>(this);
  private Map<Target, Path> current = Map.of();
  private volatile Map<Target, Path> byTarget = Map.of();
  private volatile Path[] byId = {};

  /**
   * @param sockets null for what is no UDP socket.
   */
  UdpPaths(Function<CoreSocket, UdpSocket> sockets) {
    this.sockets = sockets;
  }

  /**
   * Puts other targets in place of all.
   *
   * @param later runs a task when nothing is under way any more with a target that is gone.
   */
  synchronized void update(Collection<Target> targets, Consumer<Runnable> later) {
    final Map<Target, Path> paths = new HashMap<>();
    for (final Target target : targets) {
      final UdpSocket socket = sockets.apply(target.socket());
      if (socket != null) {
        paths.put(target, known.computeIfAbsent(key(target), key -> add(socket, key)));
      }
    }
    for (final Target target : current.keySet()) {
      if (!paths.containsKey(target)) {
        leaving.add(target, later, over -> publish());
      }
    }
    paths.keySet().forEach(leaving::keep);
    current = paths;
    publish();
  }

  private static Key key(Target target) {
    return new Key(target.socket(), target.address());
  }

  private void publish() {
    final Map<Target, Path> all = new HashMap<>(current);
    leaving.all().forEach(target -> all.put(target, known.get(key(target))));
    byTarget = Map.copyOf(all);
  }

  private Path add(UdpSocket socket, Key key) {
    final int id = byId.length;
    final Path path = new Path(id, socket, key.address());
    final Path[] more = Arrays.copyOf(byId, id + 1);
    more[id] = path;
    byId = more;
    return path;
  }

  /** Null if there is none. */
  Path of(Target target) {
    return byTarget.get(target);
  }

  Path get(long id) {
    return byId[(int) id];
  }
}
