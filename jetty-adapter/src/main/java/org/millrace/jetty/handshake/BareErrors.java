package org.millrace.jetty.handshake;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what Jetty itself objects to, such as malformed fields over HTTP/2, in the form of our
 * own refusals: no page, no remark on the software.
 */
public final class BareErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    final Object status = request.getAttribute(ErrorHandler.ERROR_STATUS);
    final int code = status instanceof Integer number ? number : response.getStatus();
    // What was accepted is counted by the gate when its upgrade has failed.
    if (request.getAttribute(AcceptedHandshake.ATTRIBUTE) == null) {
      ListenerHandshakes.of(request.getConnectionMetaData().getConnector())
          .ifPresent(
              handshakes ->
                  handshakes.objected(
                      code, request.getConnectionMetaData().getRemoteSocketAddress()));
    }
    response.setStatus(code);
    if (request.getConnectionMetaData().getConnection() instanceof HttpConnection) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    response.write(true, null, callback);
    return true;
  }
}
