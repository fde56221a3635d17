package org.millrace.jetty.config;

import java.io.IOException;

/**
 * Whether the files of a TLS section can be used. Reading keys is the business of those who serve
 * TLS; the loader only wants to know where in the configuration a bad file is named.
 */
@FunctionalInterface
public interface KeyFileCheck {
  /** Looks at nothing. */
  KeyFileCheck NONE = part -> {};

  /**
   * Throws if a file cannot be read, is not what it should be, or a key is not its certificate's.
   *
   * @param part of a TLS section: one certificate, or the authorities of client certificates.
   * @throws IOException with a message for people.
   */
  void check(TlsConfig part) throws IOException;
}
