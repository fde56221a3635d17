package org.millrace.bench.load.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Makes wires with TLS, by the JDK. All of them work on one thread and share its buffers. Every
 * connection shakes hands in full, as that of a new client does.
 */
public final class TlsWires implements Network.Wires {
  private static final int BUFFER = 64 * 1024;

  private final SSLContext context;
  private final String host;
  private final boolean insecure;
  private final ByteBuffer sealed;
  private final ByteBuffer arrived;
  private int number;

  /**
   * Wires to a host.
   *
   * @param insecure whether any certificate is good.
   * @param pem certificates that are trusted in place of the system's authorities.
   */
  public TlsWires(String host, boolean insecure, Optional<Path> pem) throws IOException {
    this.host = host;
    this.insecure = insecure;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(null, insecure ? anyone() : trusted(pem), new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificates to trust: " + e.getMessage(), e);
    }
    context.getClientSessionContext().setSessionCacheSize(1);
    final int packet = context.createSSLEngine().getSession().getPacketBufferSize();
    sealed = ByteBuffer.allocateDirect(BUFFER + packet);
    arrived = ByteBuffer.allocateDirect(BUFFER + packet);
  }

  private static TrustManager[] trusted(Optional<Path> pem)
      throws GeneralSecurityException, IOException {
    if (pem.isEmpty()) {
      return null;
    }
    final KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    if (!Files.isReadable(pem.get())) {
      throw new IOException("there is no file " + pem.get() + " to read (--trust)");
    }
    try (InputStream in = Files.newInputStream(pem.get())) {
      for (final Certificate each :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(Integer.toString(store.size()), each);
      }
    }
    final TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static TrustManager[] anyone() {
    return new TrustManager[] {new Anyone()};
  }

  @Override
  public Wire wire(SocketChannel channel) {
    // Sessions are remembered by host and port: another port each time, and none is resumed.
    final SSLEngine engine = context.createSSLEngine(host, number++);
    engine.setUseClientMode(true);
    if (!insecure) {
      final SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(parameters);
    }
    return new TlsWire(channel, engine, sealed, arrived);
  }

  /** Trusts; it is asked only where the user said so. */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
