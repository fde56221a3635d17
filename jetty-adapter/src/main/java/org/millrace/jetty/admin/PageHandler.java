package org.millrace.jetty.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The page with two SIP clients: a few files, held in memory. Nothing of it comes from elsewhere,
 * and nothing may be loaded from elsewhere.
 */
public final class PageHandler extends Handler.Abstract.NonBlocking {
  private static final String LIBRARY = "jssip.js";
  private static final String SCRIPT = "text/javascript;charset=utf-8";
  private static final String PLAIN = "text/plain;charset=utf-8";
  private static final int ETAG_BYTES = 12;

  private static final HttpField[] HEADERS = {
    new PreEncodedHttpField(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:;"
            + " media-src 'self' blob:; connect-src 'self' ws: wss:; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'"),
    new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
    new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
    new PreEncodedHttpField("Permissions-Policy", "camera=(self), microphone=(self)"),
    // Always asked again, and mostly answered with 304: the page and its server belong together.
    new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache"),
  };

  private record Resource(String type, ByteBuffer content, String etag) {
    static Resource of(String type, byte[] bytes) {
      try {
        final byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        return new Resource(
            type,
            ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
            '"' + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + '"');
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final Map<String, Resource> resources = new HashMap<>();

  /**
   * Reads all files.
   *
   * @param library directory with jssip.js; without it the page says that it is missing.
   * @throws IOException if that file is there and cannot be read.
   */
  public PageHandler(Optional<Path> library) throws IOException {
    resources.put("/", own("index.html", "text/html;charset=utf-8"));
    resources.put("/demo/page.css", own("page.css", "text/css;charset=utf-8"));
    resources.put("/demo/page.js", own("page.js", SCRIPT));
    if (library.isPresent() && Files.isRegularFile(library.get().resolve(LIBRARY))) {
      resources.put(
          "/demo/" + LIBRARY,
          Resource.of(SCRIPT, Files.readAllBytes(library.get().resolve(LIBRARY))));
    }
  }

  private static Resource own(String name, String type) throws IOException {
    try (InputStream in =
        PageHandler.class.getResourceAsStream("/org/millrace/jetty/page/" + name)) {
      return Resource.of(type, in.readAllBytes());
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    final HttpFields.Mutable headers = response.getHeaders();
    for (final HttpField header : HEADERS) {
      headers.put(header);
    }
    final Resource resource = resources.get(Request.getPathInContext(request));
    if (resource == null) {
      refuse(response, HttpStatus.NOT_FOUND_404, "there is no such page\n", callback);
    } else if (!HttpMethod.GET.is(request.getMethod())
        && !HttpMethod.HEAD.is(request.getMethod())) {
      headers.put(HttpHeader.ALLOW, "GET, HEAD");
      refuse(response, HttpStatus.METHOD_NOT_ALLOWED_405, "must be GET\n", callback);
    } else {
      send(request, response, resource, callback);
    }
    return true;
  }

  private static void send(
      Request request, Response response, Resource resource, Callback callback) {
    final HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.ETAG, resource.etag());
    if (request.getHeaders().contains(HttpHeader.IF_NONE_MATCH, resource.etag())) {
      response.setStatus(HttpStatus.NOT_MODIFIED_304);
      response.write(true, null, callback);
      return;
    }
    response.setStatus(HttpStatus.OK_200);
    headers.put(HttpHeader.CONTENT_TYPE, resource.type());
    headers.put(HttpHeader.CONTENT_LENGTH, resource.content().remaining());
    // Jetty itself leaves the body of an answer to HEAD out.
    response.write(true, resource.content().slice(), callback);
  }

  private static void refuse(Response response, int status, String text, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, PLAIN);
    Content.Sink.write(response, true, text, callback);
  }
}
