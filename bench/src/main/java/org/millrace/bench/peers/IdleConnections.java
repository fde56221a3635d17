package org.millrace.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Connections that have each had one message answered and do nothing more; the JDK's own client,
 * for what they cost here is not measured.
 */
final class IdleConnections implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<WebSocket> sockets = new ArrayList<>();

  /**
   * Opens them one after the other.
   *
   * @param trusted certificate of the server, PEM.
   * @param protocol to ask for; none if empty.
   * @param message that each sends once, and that is answered with some message.
   */
  static IdleConnections open(
      URI server, Path trusted, int connections, String protocol, String message)
      throws IOException {
    final IdleConnections all = new IdleConnections();
    try {
      final HttpClient client =
          HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(trusting(trusted)).build();
      for (int i = 0; i < connections; i++) {
        all.sockets.add(connect(client, server, protocol, message));
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  private static SSLContext trusting(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      final KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "peer", CertificateFactory.getInstance("X.509").generateCertificate(in));
      final TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      final SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static WebSocket connect(HttpClient client, URI server, String protocol, String message)
      throws IOException {
    final Answer answer = new Answer();
    final WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(PATIENCE);
    if (!protocol.isEmpty()) {
      builder.subprotocols(protocol);
    }
    final WebSocket socket = await(builder.buildAsync(server, answer));
    try {
      await(socket.sendText(message, true));
      await(answer.came);
      return socket;
    } catch (IOException e) {
      socket.abort();
      throw e;
    }
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("an idle connection failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("an idle connection was not answered in " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  int count() {
    return sockets.size();
  }

  /** Ends them without a closing handshake. */
  @Override
  public void close() {
    sockets.forEach(WebSocket::abort);
  }

  /** Waits for a whole message. */
  private static final class Answer implements WebSocket.Listener {
    private final CompletableFuture<Boolean> came = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      if (last) {
        came.complete(true);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      came.completeExceptionally(new IOException("closed with " + code + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable cause) {
      came.completeExceptionally(cause);
    }
  }
}
