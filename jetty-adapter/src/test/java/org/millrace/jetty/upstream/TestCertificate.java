package org.millrace.jetty.upstream;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.millrace.jetty.config.TlsConfig;

/** A certificate that nobody has signed but itself, in memory and in PEM files. */
final class TestCertificate {
  private static final char[] PASSWORD = "secret".toCharArray();

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final Path chain;
  private final Path key;

  private TestCertificate(Path directory, String name, KeyPair keys, X509Certificate certificate)
      throws IOException {
    this.keys = keys;
    this.certificate = certificate;
    chain = write(directory.resolve(name + ".crt"), certificate);
    key = write(directory.resolve(name + ".key"), new JcaPKCS8Generator(keys.getPrivate(), null));
  }

  static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  static GeneralName ip(String address) {
    return new GeneralName(GeneralName.iPAddress, address);
  }

  static TestCertificate of(Path directory, String name, GeneralName... alternatives) {
    try {
      final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      final KeyPair keys = generator.generateKeyPair();
      final X500Name subject = new X500Name("CN=" + name);
      final Instant now = Instant.now();
      final JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minus(1, ChronoUnit.DAYS)),
              Date.from(now.plus(1, ChronoUnit.DAYS)),
              subject,
              keys.getPublic());
      if (alternatives.length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      }
      return new TestCertificate(
          directory,
          name,
          keys,
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path write(Path file, Object pem) throws IOException {
    final StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(pem);
    }
    return Files.writeString(file, text.toString());
  }

  X509Certificate certificate() {
    return certificate;
  }

  Path chain() {
    return chain;
  }

  TlsConfig.Certificate config() {
    return new TlsConfig.Certificate(chain, Optional.of(key), Optional.empty());
  }

  /** Of a listener that shows it. */
  TlsConfig listener() {
    return new TlsConfig(
        List.of(config()),
        Optional.empty(),
        TlsConfig.ClientAuth.NONE,
        Optional.empty(),
        List.of(),
        List.of(),
        10);
  }

  /** Shows this certificate, and trusts another. */
  SSLContext context(TestCertificate trusted) {
    try {
      final KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(store(), PASSWORD);
      final TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted.store());
      final SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore store() throws GeneralSecurityException, IOException {
    final KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("key", keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
    store.setCertificateEntry("trusted", certificate);
    return store;
  }
}
