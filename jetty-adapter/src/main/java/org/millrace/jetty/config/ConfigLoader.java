package org.millrace.jetty.config;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the configuration: options over a file over the defaults of its profile over
 * reference.conf, which documents every key. Whatever is wrong is told at once, each with file,
 * line, key, value and what would be right.
 */
public final class ConfigLoader {
  private final Optional<Path> file;
  private final Map<String, String> overrides;
  private final KeyFileCheck keyFileCheck;

  /**
   * For one configuration.
   *
   * @param file in HOCON; empty for the defaults.
   * @param overrides full keys, with {@code millrace.} in front or without, and their values.
   * @param keyFileCheck looks at the files of certificates and keys.
   */
  public ConfigLoader(
      Optional<Path> file, Map<String, String> overrides, KeyFileCheck keyFileCheck) {
    this.file = file;
    this.overrides = Map.copyOf(overrides);
    this.keyFileCheck = keyFileCheck;
  }

  /** The configuration of a file, without a look into certificates and keys. */
  public static EdgeConfig load(Optional<Path> file, Map<String, String> overrides)
      throws ConfigErrors {
    return new ConfigLoader(file, overrides, KeyFileCheck.NONE).load();
  }

  /**
   * Everything checked and with all defaults applied.
   *
   * @throws ConfigErrors with all that is wrong.
   */
  public EdgeConfig load() throws ConfigErrors {
    final Problems problems = new Problems();
    return read(ConfigSources.effective(file, overrides, problems), problems);
  }

  /**
   * Every key with the value that is in effect and where it comes from, a line each; secrets are
   * masked.
   *
   * @throws ConfigErrors with all that is wrong.
   */
  public String dump() throws ConfigErrors {
    final Problems problems = new Problems();
    final ConfigObject effective = ConfigSources.effective(file, overrides, problems);
    read(effective, problems);
    return new Dump(effective).toString();
  }

  private EdgeConfig read(ConfigObject effective, Problems problems) throws ConfigErrors {
    final EdgeConfig config =
        new EdgeSettings(effective, ConfigSources.reference(), problems, keyFileCheck).read();
    problems.throwIfAny();
    return config;
  }
}
