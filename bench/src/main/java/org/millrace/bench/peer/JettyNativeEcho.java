package org.millrace.bench.peer;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty's native WebSocket API: a listener that is given each message as a string. */
final class JettyNativeEcho implements RunningPeer {
  private final JettyServer jetty;

  JettyNativeEcho(Identity identity) throws Exception {
    jetty = new JettyServer(identity);
    jetty.start(
        WebSocketUpgradeHandler.from(
            jetty.server(),
            container ->
                container.addMapping(PATH, (request, response, callback) -> new Listener())));
  }

  @Override
  public int port() {
    return jetty.port();
  }

  @Override
  public int securePort() {
    return jetty.securePort();
  }

  @Override
  public String note() {
    return "a listener that demands by itself: whole messages as strings, sent back with a"
        + " callback; default thread pool and buffers; TLS by the JDK";
  }

  /** One for each connection. Found by reflection, hence public. */
  public static final class Listener extends Session.Listener.AbstractAutoDemanding {
    @Override
    public void onWebSocketText(String message) {
      getSession().sendText(message, Callback.NOOP);
    }

    /** Clients under load go without a closing handshake: nothing to log. */
    @Override
    public void onWebSocketError(Throwable cause) {}
  }
}
