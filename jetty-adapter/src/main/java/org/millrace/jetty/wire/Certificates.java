package org.millrace.jetty.wire;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.millrace.jetty.config.TlsConfig;

/** Keys and certificates from PEM and PKCS12 files into a key store in memory. */
public final class Certificates {
  /** Of the store in memory, which is never written. */
  static final char[] PASSWORD = {};

  private Certificates() {}

  /**
   * All certificates of a listener, under aliases in their order.
   *
   * @throws IOException if a file cannot be read or does not hold what it should; the message names
   *     it.
   */
  public static KeyStore load(List<TlsConfig.Certificate> certificates) throws IOException {
    try {
      final KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      for (int i = 0; i < certificates.size(); i++) {
        add(store, "c" + i, certificates.get(i));
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Authorities whose certificates clients may show. */
  static KeyStore loadTrusted(Path pem) throws IOException {
    try {
      final KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      final List<X509Certificate> authorities = chain(pem);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("t" + i, authorities.get(i));
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(pem + ": " + e.getMessage(), e);
    }
  }

  private static void add(KeyStore store, String alias, TlsConfig.Certificate certificate)
      throws IOException, GeneralSecurityException {
    if (certificate.key().isEmpty()) {
      addPkcs12(store, alias, certificate);
      return;
    }
    final Path keyFile = certificate.key().get();
    final List<X509Certificate> chain = chain(certificate.chain());
    final PrivateKey key = key(keyFile, certificate.password());
    if (!KeyPairs.match(key, chain.get(0).getPublicKey())) {
      throw new IOException(
          keyFile + ": is not the key of the first certificate in " + certificate.chain());
    }
    store.setKeyEntry(alias, key, PASSWORD, chain.toArray(new Certificate[0]));
  }

  private static void addPkcs12(KeyStore store, String alias, TlsConfig.Certificate certificate)
      throws IOException {
    final Path file = certificate.chain();
    final char[] password = certificate.password().orElse("").toCharArray();
    try {
      final KeyStore source = KeyStore.getInstance(file.toFile(), password);
      boolean found = false;
      for (final String name : java.util.Collections.list(source.aliases())) {
        if (source.isKeyEntry(name)) {
          store.setKeyEntry(
              alias + name,
              source.getKey(name, password),
              PASSWORD,
              source.getCertificateChain(name));
          found = true;
        }
      }
      if (!found) {
        throw new IOException(file + ": holds no private key");
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  static List<X509Certificate> chain(Path file) throws IOException {
    final List<X509Certificate> chain = new ArrayList<>();
    final JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
        if (entry instanceof X509CertificateHolder holder) {
          chain.add(converter.getCertificate(holder));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (chain.isEmpty()) {
      throw new IOException(file + ": holds no certificate in PEM form");
    }
    return chain;
  }

  private static PrivateKey key(Path file, Optional<String> password) throws IOException {
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
        final Optional<PrivateKeyInfo> key = keyInfo(entry, file, password);
        if (key.isPresent()) {
          return new JcaPEMKeyConverter().getPrivateKey(key.get());
        }
      }
    } catch (OperatorCreationException | PKCSException e) {
      throw new IOException(file + ": cannot be decrypted with the password given", e);
    }
    throw new IOException(file + ": holds no private key in PEM form");
  }

  private static Optional<PrivateKeyInfo> keyInfo(
      Object entry, Path file, Optional<String> password)
      throws IOException, OperatorCreationException, PKCSException {
    if (entry instanceof PrivateKeyInfo plain) {
      return Optional.of(plain);
    }
    if (entry instanceof PEMKeyPair pair) {
      return Optional.of(pair.getPrivateKeyInfo());
    }
    if (entry instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
      return Optional.of(
          encrypted.decryptPrivateKeyInfo(
              new JceOpenSSLPKCS8DecryptorProviderBuilder().build(characters(password, file))));
    }
    if (entry instanceof PEMEncryptedKeyPair encrypted) {
      return Optional.of(
          encrypted
              .decryptKeyPair(
                  new JcePEMDecryptorProviderBuilder().build(characters(password, file)))
              .getPrivateKeyInfo());
    }
    return Optional.empty();
  }

  private static char[] characters(Optional<String> password, Path file) throws IOException {
    return password
        .orElseThrow(() -> new IOException(file + ": is encrypted, and no password is given"))
        .toCharArray();
  }
}
