package org.millrace.jetty.handshake;

import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets the Jakarta container behind it do an opening handshake that the gate has accepted, and puts
 * our connection in the place of the container's own when it is done.
 */
public final class UpgradeHandler extends Handler.Wrapper {
  private final BiFunction<EndPoint, AcceptedHandshake, Connection> connections;

  /**
   * Creates the handler.
   *
   * @param connections makes the connection that an endpoint is upgraded to.
   */
  public UpgradeHandler(BiFunction<EndPoint, AcceptedHandshake, Connection> connections) {
    this.connections = connections;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    final AcceptedHandshake handshake =
        (AcceptedHandshake) request.getAttribute(AcceptedHandshake.ATTRIBUTE);
    handshake
        .accessControlAllowOrigin()
        .ifPresent(value -> response.getHeaders().put("Access-Control-Allow-Origin", value));
    return super.handle(new UpgradeRequest(request, handshake), response, callback);
  }

  private final class UpgradeRequest extends Request.Wrapper {
    private final AcceptedHandshake handshake;
    private final HttpFields headers;

    private UpgradeRequest(Request wrapped, AcceptedHandshake handshake) {
      super(wrapped);
      this.handshake = handshake;
      headers = settled(wrapped.getHeaders(), handshake);
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }

    @Override
    public Object setAttribute(String name, Object value) {
      if (HttpStream.UPGRADE_CONNECTION_ATTRIBUTE.equals(name)
          && value instanceof Connection containers) {
        return super.setAttribute(name, connections.apply(containers.getEndPoint(), handshake));
      }
      return super.setAttribute(name, value);
    }
  }

  /** What was negotiated already is all that there is to negotiate for the container. */
  private static HttpFields settled(HttpFields offered, AcceptedHandshake handshake) {
    final HttpFields.Mutable settled = HttpFields.build(offered);
    settled.remove(HttpHeader.SEC_WEBSOCKET_EXTENSIONS);
    settled.remove(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL);
    handshake
        .spelledSubProtocol()
        .ifPresent(name -> settled.add(new HttpField(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, name)));
    return settled.asImmutable();
  }
}
