package org.millrace.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What was built, and what runs it.
 *
 * @param revision of the source in git; "unknown" if it was not built from there.
 */
public record Version(String version, String revision) {
  /** Of this program. */
  public static Version ofThis() {
    final Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Version(properties.getProperty("version"), properties.getProperty("revision"));
  }

  @Override
  public String toString() {
    return "Millrace "
        + version
        + " ("
        + revision
        + ") on Java "
        + Runtime.version()
        + ", "
        + System.getProperty("java.vm.name");
  }
}
