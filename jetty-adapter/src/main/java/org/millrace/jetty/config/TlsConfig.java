package org.millrace.jetty.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Certificates and rules of a TLS listener.
 *
 * @param certificates chosen by SNI; the first is the default. Empty with {@code selfSigned}.
 * @param selfSigned directory in which a self-signed certificate is made at the first start.
 * @param trusted PEM file with the authorities of client certificates.
 * @param protocols such as TLSv1.3; empty for the defaults.
 * @param cipherSuites by their JSSE names; empty for the defaults.
 * @param sessionCacheSize sessions kept for resumption.
 */
public record TlsConfig(
    List<Certificate> certificates,
    Optional<Path> selfSigned,
    ClientAuth clientAuth,
    Optional<Path> trusted,
    List<String> protocols,
    List<String> cipherSuites,
    int sessionCacheSize) {

  /** Whether a client certificate is asked for, and insisted on. */
  public enum ClientAuth {
    NONE,
    WANT,
    NEED
  }

  /**
   * A key and its chain: either two PEM files or a PKCS12 file.
   *
   * @param key PEM; empty if the chain's file is PKCS12.
   * @param password of the key or of the PKCS12 file; empty if there is none.
   */
  public record Certificate(Path chain, Optional<Path> key, Optional<String> password) {}
}
