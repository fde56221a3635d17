package org.millrace.bench.load;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which certificates of a server behind wss are good.
 *
 * @param insecure any.
 * @param pem a file with certificates to trust in place of the system's authorities.
 */
public record Trust(boolean insecure, Optional<Path> pem) {
  /** Those that the JDK trusts. */
  public static final Trust SYSTEM = new Trust(false, Optional.empty());

  /** Any certificate, for servers on trial. */
  public static final Trust ANY = new Trust(true, Optional.empty());

  /** Certificates of a file, and those that they signed. */
  public static Trust of(Path pem) {
    return new Trust(false, Optional.of(pem));
  }
}
