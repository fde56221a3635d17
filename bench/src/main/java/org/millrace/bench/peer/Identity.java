package org.millrace.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
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

/**
 * The key and certificate that all peers of a run show: P-256, self-signed, in a directory of their
 * own, as PEM and as PKCS12.
 */
public record Identity(Path directory) implements AutoCloseable {
  static final String PASSWORD = "not-a-secret";

  /** Makes a new one. */
  public static Identity make() throws IOException {
    final Identity identity = new Identity(Files.createTempDirectory("millrace-bench-peers"));
    try {
      final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      identity.write(generator.generateKeyPair());
      return identity;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      identity.close();
      throw new IOException("no certificate could be made: " + e.getMessage(), e);
    }
  }

  private void write(KeyPair pair)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    final X500Name name = new X500Name("CN=localhost");
    final Instant now = Instant.now();
    final X509Certificate shown =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(now.toEpochMilli()),
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(Duration.ofDays(2))),
                        name,
                        pair.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.iPAddress, RunningPeer.HOST)))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    writePem(chain(), shown);
    writePem(key(), new JcaPKCS8Generator(pair.getPrivate(), null));
    final KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("peer", pair.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {shown});
    try (OutputStream out = Files.newOutputStream(keyStore())) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  private static void writePem(Path file, Object content) throws IOException {
    final StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    Files.writeString(file, text.toString(), StandardCharsets.US_ASCII);
  }

  /** The certificate, PEM. */
  public Path chain() {
    return directory.resolve("peer.crt");
  }

  /** The key, PEM. */
  Path key() {
    return directory.resolve("peer.key");
  }

  /** Both, PKCS12. */
  Path keyStore() {
    return directory.resolve("peer.p12");
  }

  /** For a server, with the JDK's defaults in everything. */
  SSLContext serverContext() throws IOException, GeneralSecurityException {
    final SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers().getKeyManagers(), null, null);
    return context;
  }

  KeyManagerFactory keyManagers() throws IOException, GeneralSecurityException {
    final KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore())) {
      store.load(in, PASSWORD.toCharArray());
    }
    final KeyManagerFactory keys =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    return keys;
  }

  /** Deletes the directory, and what peers have left there. */
  @Override
  public void close() throws IOException {
    final Path[] all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.toArray(Path[]::new);
    }
    for (int i = all.length - 1; i >= 0; i--) {
      Files.delete(all[i]);
    }
  }
}
