package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.millrace.jetty.config.UpstreamConfig.UpstreamTlsConfig;

/** Reads the named sections under {@code tls}. */
final class TlsSettings {
  private final Path stateDirectory;
  private final ConfigObject certificateDefaults;
  private final KeyFileCheck check;

  TlsSettings(Path stateDirectory, ConfigObject certificateDefaults, KeyFileCheck check) {
    this.stateDirectory = stateDirectory;
    this.certificateDefaults = certificateDefaults;
    this.check = check;
  }

  TlsConfig read(Section section) {
    final List<TlsConfig.Certificate> certificates =
        section.sections("certificates", certificateDefaults).stream()
            .map(this::certificate)
            .flatMap(Optional::stream)
            .toList();
    final TlsConfig tls =
        new TlsConfig(
            certificates,
            selfSigned(section),
            section.choice("client-auth", TlsConfig.ClientAuth.class),
            section.optionalFile("trusted"),
            section.strings("protocols"),
            section.strings("cipher-suites"),
            section.integer("session-cache-size", 1, Integer.MAX_VALUE));
    section.close();
    return tls;
  }

  private Optional<Path> selfSigned(Section section) {
    final Path directory =
        section.optionalFile("self-signed-directory").orElse(stateDirectory.resolve("self-signed"));
    return section.bool("self-signed") ? Optional.of(directory) : Optional.empty();
  }

  private Optional<TlsConfig.Certificate> certificate(Section section) {
    final TlsConfig.Certificate certificate =
        new TlsConfig.Certificate(
            section.required("chain", Kinds::file, Path.of("")),
            section.optionalFile("key"),
            section.optionalString("password"));
    section.close();
    return section.hasFailed() ? Optional.empty() : checked(section, certificate);
  }

  /** The certificate if its files can be used. */
  private Optional<TlsConfig.Certificate> checked(
      Section section, TlsConfig.Certificate certificate) {
    final boolean chainReadable = isReadable(section, "chain", certificate.chain());
    final boolean keyReadable =
        certificate.key().map(key -> isReadable(section, "key", key)).orElse(true);
    if (!chainReadable || !keyReadable) {
      return Optional.empty();
    }
    checkFiles(
        section,
        certificate.key().isPresent() ? "key" : "chain",
        part(List.of(certificate), Optional.empty()));
    return Optional.of(certificate);
  }

  /** TLS as a client: the certificate is one, if any, and its keys stand beside the others. */
  UpstreamTlsConfig readClient(Section section) {
    final Optional<Path> chain = section.optionalFile("chain");
    final Optional<Path> key = section.optionalFile("key");
    final Optional<String> password = section.optionalString("password");
    final UpstreamTlsConfig tls =
        new UpstreamTlsConfig(
            chain.flatMap(file -> checked(section, new TlsConfig.Certificate(file, key, password))),
            section.optionalFile("trusted"),
            section.bool("check-domain"),
            section.strings("protocols"),
            section.strings("cipher-suites"));
    section.close();
    section.require(key.isEmpty() || chain.isPresent(), "key", "is of no use without chain");
    checkTrusted(section, tls.trusted());
    checkSupported(section, tls.protocols(), tls.cipherSuites());
    return tls;
  }

  private void checkTrusted(Section section, Optional<Path> trusted) {
    trusted
        .filter(file -> isReadable(section, "trusted", file))
        .ifPresent(file -> checkFiles(section, "trusted", part(List.of(), trusted)));
  }

  /** What a whole section must fulfil to serve a listener. */
  void checkWhole(Section section, TlsConfig tls) {
    final boolean listed =
        section.values().get("certificates") instanceof List<?> list && !list.isEmpty();
    section.requireBoth(
        !(listed && tls.selfSigned().isPresent()),
        "self-signed",
        "certificates",
        "self-signed = true contradicts certificates: use one or the other");
    section.require(
        listed || tls.selfSigned().isPresent(),
        "certificates",
        "must name at least one certificate, or set self-signed = true");
    section.require(
        tls.clientAuth() == TlsConfig.ClientAuth.NONE || tls.trusted().isPresent(),
        "client-auth",
        "needs the authorities of client certificates: set trusted to a PEM file");
    checkTrusted(section, tls.trusted());
    checkSupported(section, tls.protocols(), tls.cipherSuites());
  }

  /** Whether this Java knows what {@code protocols} and {@code cipher-suites} name. */
  private static void checkSupported(Section section, List<String> protocols, List<String> suites) {
    final SSLParameters supported = supported();
    checkNames(section, "protocols", protocols, supported.getProtocols());
    checkNames(section, "cipher-suites", suites, supported.getCipherSuites());
  }

  private static void checkNames(
      Section section, String name, List<String> names, String[] supported) {
    final List<String> known = Arrays.asList(supported);
    for (final String unknown : names.stream().filter(n -> !known.contains(n)).toList()) {
      section.fail(
          name,
          "this Java knows no "
              + unknown
              + Suggestions.nearest(unknown, known)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse(""));
    }
  }

  private static SSLParameters supported() {
    try {
      return SSLContext.getDefault().getSupportedSSLParameters();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private static boolean isReadable(Section section, String name, Path file) {
    if (!Files.isRegularFile(file)) {
      section.fail(name, "there is no file " + file.toAbsolutePath());
      return false;
    }
    if (!Files.isReadable(file)) {
      section.fail(name, file.toAbsolutePath() + " cannot be read; mind its permissions");
      return false;
    }
    return true;
  }

  private void checkFiles(Section section, String name, TlsConfig part) {
    try {
      check.check(part);
    } catch (IOException e) {
      section.fail(name, e.getMessage());
    }
  }

  private static TlsConfig part(List<TlsConfig.Certificate> certificates, Optional<Path> trusted) {
    return new TlsConfig(
        certificates,
        Optional.empty(),
        TlsConfig.ClientAuth.NONE,
        trusted,
        List.of(),
        List.of(),
        1);
  }
}
