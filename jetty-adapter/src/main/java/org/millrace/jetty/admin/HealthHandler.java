package org.millrace.jetty.admin;

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
  static final String LIVE = "/health/live";
  static final String READY = "/health/ready";

  private final AdmissionSwitch admission;

  HealthHandler(AdmissionSwitch admission) {
    this.admission = admission;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Replies.refuse(response, callback, 405, "must be GET");
    } else if (Request.getPathInContext(request).equals(LIVE)) {
      status(response, callback, 200, "live");
    } else if (admission.isReady()) {
      status(response, callback, 200, "ready");
    } else {
      status(response, callback, 503, admission.isDraining() ? "draining" : "disabled");
    }
    return true;
  }

  private static void status(Response response, Callback callback, int status, String text) {
    Replies.send(
        response, callback, status, RpcDialect.JSON.createObjectNode().put("status", text), false);
  }
}
