package org.millrace.jetty.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What goes back over HTTP: JSON that nobody keeps. */
final class Replies {
  private static final ObjectWriter PRETTY = RpcDialect.JSON.writerWithDefaultPrettyPrinter();
  private static final ObjectWriter PLAIN = RpcDialect.JSON.writer();

  private Replies() {}

  /**
   * A status and why. The connection ends with it: what of the request has not been read is not
   * waited for, so another must not be sent after it.
   */
  static void refuse(Response response, Callback callback, int status, String why) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    send(response, callback, status, RpcDialect.JSON.createObjectNode().put("error", why), false);
  }

  /**
   * A status and a body.
   *
   * @param body null for none.
   */
  static void send(
      Response response, Callback callback, int status, JsonNode body, boolean pretty) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (body == null) {
      callback.succeeded();
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(bytes(body, pretty)), callback);
  }

  private static byte[] bytes(JsonNode body, boolean pretty) {
    try {
      return ((pretty ? PRETTY : PLAIN).writeValueAsString(body) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree in memory is always JSON", e);
    }
  }

  /** Puts a text of our own where the status line has its reason. */
  static void reason(Request request, String reason) {
    request.addHttpStreamWrapper(stream -> new WithReason(stream, reason));
  }

  private static final class WithReason extends HttpStream.Wrapper {
    private final String reason;

    private WithReason(HttpStream stream, String reason) {
      super(stream);
      this.reason = reason;
    }

    @Override
    public void send(
        MetaData.Request request,
        MetaData.Response response,
        boolean last,
        ByteBuffer content,
        Callback callback) {
      super.send(request, response == null ? null : renamed(response), last, content, callback);
    }

    private MetaData.Response renamed(MetaData.Response response) {
      return new MetaData.Response(
          response.getStatus(),
          reason,
          response.getHttpVersion(),
          response.getHttpFields(),
          response.getContentLength(),
          response.getTrailersSupplier());
    }
  }
}
