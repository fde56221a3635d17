package org.millrace.jetty.wire;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.millrace.jetty.config.TlsConfig;

/** A certificate for trying things out, made once and kept in a directory. */
final class SelfSigned {
  private static final String CHAIN = "self-signed.crt";
  private static final String KEY = "self-signed.key";
  private static final int DAYS = 825; // the most that browsers put up with
  private static final int SERIAL_BITS = 63;

  private SelfSigned() {}

  /** The one in the directory, made if there is none or it is about to expire. */
  static TlsConfig.Certificate in(Path directory) throws IOException {
    final Path chain = directory.resolve(CHAIN);
    final Path key = directory.resolve(KEY);
    if (!Files.isReadable(chain) || !Files.isReadable(key) || isExpiring(chain)) {
      make(directory, chain, key);
    }
    return new TlsConfig.Certificate(chain, Optional.of(key), Optional.empty());
  }

  private static boolean isExpiring(Path chain) throws IOException {
    final Instant end = Certificates.chain(chain).get(0).getNotAfter().toInstant();
    return end.isBefore(Instant.now().plus(1, ChronoUnit.DAYS));
  }

  private static void make(Path directory, Path chain, Path key) throws IOException {
    try {
      final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      final KeyPair pair = generator.generateKeyPair();
      final X509CertificateHolder certificate =
          builder(pair)
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
      Files.createDirectories(directory);
      write(key, new JcaPKCS8Generator(pair.getPrivate(), null));
      write(chain, certificate);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(directory + ": no certificate could be made: " + e.getMessage(), e);
    }
  }

  private static X509v3CertificateBuilder builder(KeyPair pair) throws IOException {
    final X500Name name = new X500Name("CN=localhost, O=Millrace self-signed");
    final Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, new SecureRandom()),
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(DAYS, ChronoUnit.DAYS)),
            name,
            pair.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.subjectAlternativeName, false, names());
  }

  private static GeneralNames names() throws IOException {
    return new GeneralNames(
        new GeneralName[] {
          new GeneralName(GeneralName.dNSName, "localhost"),
          new GeneralName(GeneralName.dNSName, InetAddress.getLocalHost().getHostName()),
          new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
          new GeneralName(GeneralName.iPAddress, "::1")
        });
  }

  /** Whole or not at all, and for the owner alone. */
  private static void write(Path file, Object pem) throws IOException {
    final StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(pem);
    }
    final FileAttribute<?> ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    final Path draft =
        Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new", ownerOnly);
    Files.writeString(draft, text.toString(), StandardCharsets.US_ASCII);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
