package org.millrace.jetty.admin;

import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Whether this process lives, and whether clients should be sent here (F-9). For probes, which have
 * no token: it tells no more than that.
 */
final class HealthHandler extends Handler.Abstract.NonBlocking {
  private final String healthy;
  private final Supplier<Optional<String>> ailment;

  private HealthHandler(String healthy, Supplier<Optional<String>> ailment) {
    this.healthy = healthy;
    this.ailment = ailment;
  }

  static HealthHandler live() {
    return new HealthHandler("live", Optional::empty);
  }

  static HealthHandler ready(AdmissionSwitch admission) {
    return new HealthHandler("ready", () -> whyNotReady(admission));
  }

  private static Optional<String> whyNotReady(AdmissionSwitch admission) {
    if (admission.isReady()) {
      return Optional.empty();
    }
    return Optional.of(admission.isDraining() ? "draining" : "disabled");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Replies.refuse(response, callback, 405, "must be GET");
      return true;
    }
    final Optional<String> why = ailment.get();
    Replies.send(
        response,
        callback,
        why.isEmpty() ? 200 : 503,
        RpcDialect.JSON.createObjectNode().put("status", why.orElse(healthy)),
        false);
    return true;
  }
}
