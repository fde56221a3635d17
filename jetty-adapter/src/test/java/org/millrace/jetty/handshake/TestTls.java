package org.millrace.jetty.handshake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Certificates of a test edge and of its clients; each trusts the other's. */
final class TestTls {
  private static final char[] PASSWORD = "secret".toCharArray();
  private static final KeyPair KEYS = keys();
  private static final X509Certificate SERVER =
      certificate(
          "CN=edge.example.com",
          new GeneralName(GeneralName.dNSName, "edge.example.com"),
          new GeneralName(GeneralName.iPAddress, "127.0.0.1"));

  /** Alice's. */
  static final X509Certificate CLIENT =
      certificate(
          "CN=Alice",
          new GeneralName(GeneralName.dNSName, "phone.example.com"),
          new GeneralName(GeneralName.uniformResourceIdentifier, "sip:alice@example.com"));

  private TestTls() {}

  static SslContextFactory.Server server() {
    final SslContextFactory.Server server = new SslContextFactory.Server();
    server.setKeyStore(store(SERVER));
    server.setKeyStorePassword(new String(PASSWORD));
    server.setTrustStore(store(CLIENT));
    server.setWantClientAuth(true);
    server.setSniRequired(false);
    return server;
  }

  static KeyStore trust() {
    return store(SERVER);
  }

  static SSLSocket connect(int port) {
    return connect(port, SSLContexts.trusting(SERVER, null));
  }

  /** With ALPN. */
  static SSLSocket connectOverHttp2(int port) {
    return connect(port, SSLContexts.trusting(SERVER, null), "h2");
  }

  static SSLSocket connectAs(int port, X509Certificate client) {
    return connect(port, SSLContexts.trusting(SERVER, client));
  }

  private static SSLSocket connect(int port, SSLContext context, String... protocols) {
    try {
      final SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(RawClient.TIMEOUT_MS);
      final SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(protocols);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static X509Certificate certificate(String subject, GeneralName... alternatives) {
    final X500Name name = new X500Name(subject);
    final Instant now = Instant.now();
    final JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(subject.hashCode() & 0xFFFF),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            name,
            KEYS.getPublic());
    try {
      if (alternatives.length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore store(X509Certificate certificate) {
    try {
      final KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("key", KEYS.getPrivate(), PASSWORD, new Certificate[] {certificate});
      store.setCertificateEntry("trusted", certificate);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Contexts of clients. */
  private static final class SSLContexts {
    private SSLContexts() {}

    private static SSLContext trusting(X509Certificate server, X509Certificate own) {
      try {
        final TrustManagerFactory trust =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store(server));
        final KeyManagerFactory keys =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (own != null) {
          keys.init(store(own), PASSWORD);
        }
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
