package org.millrace.jetty.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets in who has the token, and no browser (F-10): every request that a page can make to another
 * site, and that changes something, bears an Origin.
 */
final class AdminGuard extends Handler.Wrapper {
  private static final String SCHEME = "bearer ";

  private final byte[] tokenDigest;

  /**
   * @param token empty to let in everybody who can connect.
   */
  AdminGuard(Optional<String> token, Handler next) {
    super(next);
    tokenDigest = token.map(AdminGuard::digest).orElse(null);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!isAuthorised(request)) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      Replies.refuse(response, callback, 401, "a bearer token is required");
      return true;
    }
    if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
      Replies.refuse(response, callback, 403, "not for pages: there must be no Origin");
      return true;
    }
    return super.handle(request, response, callback);
  }

  /** Digests are of one length: how long the comparison takes tells nothing about the token. */
  private boolean isAuthorised(Request request) {
    if (tokenDigest == null) {
      return true;
    }
    final String credentials = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return credentials != null
        && credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            tokenDigest, digest(credentials.substring(SCHEME.length()).strip()));
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
