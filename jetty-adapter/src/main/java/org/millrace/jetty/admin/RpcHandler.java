package org.millrace.jetty.admin;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** JSON-RPC over HTTP POST (F-1). Runs on the admin listener's threads, which may wait. */
final class RpcHandler extends Handler.Abstract {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_DISCARDED = 1024 * 1024;

  private final RpcDialect dialect;

  RpcHandler(RpcDialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    if (!HttpMethod.POST.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      Replies.refuse(response, callback, 405, "must be POST");
    } else if (!isJson(request)) {
      Replies.refuse(response, callback, 415, "must be application/json");
    } else {
      answer(request, response, callback);
    }
    return true;
  }

  /** A page cannot send this type to another site without asking before. */
  private static boolean isJson(Request request) {
    final String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null
        && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private void answer(Request request, Response response, Callback callback) throws IOException {
    final byte[] body;
    try (InputStream in = Content.Source.asInputStream(request)) {
      body = in.readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        discard(in);
      }
    }
    if (body.length > MAX_BODY) {
      Replies.refuse(response, callback, 413, "at most " + MAX_BODY + " bytes");
      return;
    }
    final RpcAnswer answer = dialect.answer(body, Request.getRemoteAddr(request));
    if (answer.reason() != null) {
      Replies.reason(request, answer.reason());
    }
    Replies.send(response, callback, answer.status(), answer.body(), dialect.isPretty());
  }

  /** Whoever is still writing when the connection is closed might never see the answer. */
  private static void discard(InputStream in) throws IOException {
    final byte[] discarded = new byte[8 * 1024];
    int left = MAX_DISCARDED;
    int read;
    while (left > 0 && (read = in.read(discarded)) >= 0) {
      left -= read;
    }
  }
}
