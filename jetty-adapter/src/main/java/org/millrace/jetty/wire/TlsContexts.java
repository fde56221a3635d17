package org.millrace.jetty.wire;

import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.millrace.jetty.config.TlsConfig;
import org.millrace.jetty.config.UpstreamConfig.UpstreamTlsConfig;

/** The JDK's TLS as a section of the configuration wants it, a listener's or an upstream's. */
public final class TlsContexts {
  /**
   * Forward secrecy and authenticated encryption only. The JDK's own preferences order what is
   * left.
   */
  private static final String[] CIPHER_SUITES = {
    "TLS_AES_.*", "TLS_CHACHA20_.*", "TLS_ECDHE_.*_GCM_.*", "TLS_ECDHE_.*_CHACHA20_.*"
  };

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private TlsContexts() {}

  /**
   * Not yet started.
   *
   * @throws IOException if a file cannot be read or does not hold what it should; the message names
   *     it.
   */
  public static SslContextFactory.Server of(TlsConfig tls) throws IOException {
    final SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStore(Certificates.load(certificates(tls)));
    factory.setKeyStorePassword(new String(Certificates.PASSWORD));
    factory.setSniRequired(false);
    if (tls.trusted().isPresent()) {
      factory.setTrustStore(Certificates.loadTrusted(tls.trusted().get()));
    }
    switch (tls.clientAuth()) {
      case NONE -> {}
      case WANT -> factory.setWantClientAuth(true);
      case NEED -> factory.setNeedClientAuth(true);
    }
    restrict(factory, tls.protocols(), tls.cipherSuites());
    factory.setSslSessionCacheSize(tls.sessionCacheSize());
    return factory;
  }

  /**
   * Not yet started. Whose certificate it is that a server shows is for the caller to check; that a
   * trusted authority has signed it is checked here.
   *
   * @throws IOException if a file cannot be read or does not hold what it should; the message names
   *     it.
   */
  public static SslContextFactory.Client of(UpstreamTlsConfig tls) throws IOException {
    final SslContextFactory.Client factory = new SslContextFactory.Client();
    if (tls.certificate().isPresent()) {
      factory.setKeyStore(Certificates.load(List.of(tls.certificate().get())));
      factory.setKeyStorePassword(new String(Certificates.PASSWORD));
    }
    if (tls.trusted().isPresent()) {
      factory.setTrustStore(Certificates.loadTrusted(tls.trusted().get()));
    }
    factory.setEndpointIdentificationAlgorithm(null);
    restrict(factory, tls.protocols(), tls.cipherSuites());
    return factory;
  }

  private static void restrict(
      SslContextFactory factory, List<String> protocols, List<String> cipherSuites) {
    factory.setExcludeProtocols();
    factory.setIncludeProtocols(orElse(protocols, PROTOCOLS));
    factory.setExcludeCipherSuites();
    factory.setIncludeCipherSuites(orElse(cipherSuites, CIPHER_SUITES));
    factory.setRenegotiationAllowed(false);
  }

  private static List<TlsConfig.Certificate> certificates(TlsConfig tls) throws IOException {
    return tls.selfSigned().isPresent()
        ? List.of(SelfSigned.in(tls.selfSigned().get()))
        : tls.certificates();
  }

  private static String[] orElse(List<String> configured, String[] defaults) {
    return configured.isEmpty() ? defaults : configured.toArray(new String[0]);
  }
}
