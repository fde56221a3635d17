package org.millrace.jetty.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler in front of all others. Requests over HTTP/1.1 were judged while their head was read;
 * those over HTTP/2 are judged here. What passes goes to the next handler with an {@link
 * AcceptedHandshake} as its attribute; {@code /healthz} is answered from here.
 */
public final class HandshakeGate extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeGate.class);

  private final Optional<Handler> page;

  /**
   * Creates the gate of a server.
   *
   * @param next upgrades what was accepted.
   * @param page answers a plain GET on listeners that have a page.
   */
  public HandshakeGate(Handler next, Optional<Handler> page) {
    super(next);
    this.page = page;
    page.ifPresent(this::addBean);
  }

  @Override
  public void setServer(Server server) {
    super.setServer(server);
    page.ifPresent(handler -> handler.setServer(server));
  }

  /** Checking a signature takes too long for a selector's thread. */
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    final ConnectionMetaData connection = request.getConnectionMetaData();
    final Optional<ListenerHandshakes> handshakes =
        ListenerHandshakes.of(connection.getConnector());
    if (handshakes.isEmpty()) {
      // A connector that is not ours, such as the one for operators.
      return super.handle(request, response, callback);
    }
    final Decision decision =
        connection.getHttpVersion() == HttpVersion.HTTP_2
            ? judge(handshakes.get(), request)
            : judged(connection);
    if (decision instanceof Decision.Accepted accepted) {
      return accept(handshakes.get(), accepted.handshake(), request, response, callback);
    }
    if (connection.getConnection() instanceof HttpConnection) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    if (decision instanceof Refusal refusal) {
      return refuse(refusal, response, callback);
    }
    if (decision == Decision.Plain.PAGE && page.isPresent()) {
      return page.get().handle(request, response, callback);
    }
    return health(handshakes.get().gate(), response, callback);
  }

  /** What the reader of the head has found; each connection has but one request. */
  private static Decision judged(ConnectionMetaData connection) {
    final Object accepted = connection.removeAttribute(AcceptedHandshake.ATTRIBUTE);
    if (accepted instanceof AcceptedHandshake handshake) {
      return new Decision.Accepted(handshake);
    }
    return connection.removeAttribute(Decision.Plain.ATTRIBUTE) instanceof Decision.Plain plain
        ? plain
        : new Refusal(HttpStatus.BAD_REQUEST_400, RefusalReason.SYNTAX);
  }

  private static Decision judge(ListenerHandshakes handshakes, Request request) {
    final EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    final Peer peer = Peer.of(endPoint);
    peer.endPoint().ifPresent(AdmittedEndPoint::deadlineMet);
    return handshakes.decide(headOf(request), peer, 0);
  }

  private static RequestHead headOf(Request request) {
    final List<RequestHead.Field> fields = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      fields.add(
          new RequestHead.Field(
              field.getLowerCaseName(), Optional.ofNullable(field.getValue()).orElse("")));
    }
    final HttpURI uri = request.getHttpURI();
    final RequestTarget target =
        RequestTarget.of(
            Optional.ofNullable(uri.getScheme()),
            Optional.ofNullable(uri.getAuthority()),
            Optional.ofNullable(uri.getPathQuery()).orElse(""));
    final Optional<String> protocol =
        Optional.ofNullable(request.getTunnelSupport()).map(TunnelSupport::getProtocol);
    return new RequestHead(request.getMethod(), target, 2, 0, protocol, fields);
  }

  private boolean accept(
      ListenerHandshakes handshakes,
      AcceptedHandshake accepted,
      Request request,
      Response response,
      Callback callback) {
    request.setAttribute(AcceptedHandshake.ATTRIBUTE, accepted);
    final Outcome outcome = new Outcome(handshakes, accepted, request, response, callback);
    try {
      if (!super.handle(request, response, outcome)) {
        Response.writeError(request, response, outcome, HttpStatus.INTERNAL_SERVER_ERROR_500);
      }
    } catch (Exception e) {
      LOG.error("Upgrading a handshake that was accepted failed", e);
      Response.writeError(request, response, outcome, HttpStatus.INTERNAL_SERVER_ERROR_500);
    }
    return true;
  }

  /** Counts how the upgrade ended. */
  private static final class Outcome extends Callback.Nested {
    private final ListenerHandshakes handshakes;
    private final AcceptedHandshake accepted;
    private final Request request;
    private final Response response;

    private Outcome(
        ListenerHandshakes handshakes,
        AcceptedHandshake accepted,
        Request request,
        Response response,
        Callback callback) {
      super(callback);
      this.handshakes = handshakes;
      this.accepted = accepted;
      this.request = request;
      this.response = response;
    }

    @Override
    public void succeeded() {
      final int status = response.getStatus();
      final boolean http1 =
          request.getConnectionMetaData().getConnection() instanceof HttpConnection;
      if (status == (http1 ? HttpStatus.SWITCHING_PROTOCOLS_101 : HttpStatus.OK_200)) {
        handshakes.counters().succeeded(accepted.subProtocol());
      } else {
        handshakes.failedLater(accepted, status);
        closeAfterAnswer();
      }
      super.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
      handshakes.failedLater(accepted, HttpStatus.INTERNAL_SERVER_ERROR_500);
      closeAfterAnswer();
      super.failed(failure);
    }

    /** What follows was not judged and must not be read as another request. */
    private void closeAfterAnswer() {
      if (request.getConnectionMetaData().getConnection() instanceof HttpConnection http1) {
        http1.getGenerator().setPersistent(false);
      }
    }
  }

  private static boolean refuse(Refusal refusal, Response response, Callback callback) {
    response.setStatus(refusal.status());
    for (RequestHead.Field field : refusal.fields()) {
      response.getHeaders().add(field.name(), field.value());
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    response.write(true, null, callback);
    return true;
  }

  private static boolean health(HandshakeSwitch gate, Response response, Callback callback) {
    final boolean ready = gate.isReady();
    response.setStatus(ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, MimeTypes.Type.TEXT_PLAIN.asString());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Content.Sink.write(response, true, ready ? "ok\n" : "draining\n", callback);
    return true;
  }
}
