package org.millrace.jetty.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.jetty.config.ConfigError;
import org.millrace.jetty.config.ConfigErrors;
import org.millrace.jetty.config.ConfigLoader;
import org.millrace.jetty.config.KeyFileCheck;
import org.millrace.jetty.wire.TlsContexts;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
final class ConfigOptions {
  /** Keys are checked by the one who will use them. */
  private static final KeyFileCheck KEY_FILES = TlsContexts::of;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration in HOCON. Without one the defaults serve: see check --dump.")
  private Path file;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = {
        "One key of the configuration, over what the file says; as often as wanted,",
        "such as -D listeners.ws.port=9090 or -D 'listen=[wss]'."
      })
  private Map<String, String> overrides = new LinkedHashMap<>();

  ConfigLoader loader() {
    return new ConfigLoader(Optional.ofNullable(file), overrides, KEY_FILES);
  }

  /** What serves as a name of the configuration. */
  String name() {
    return file == null ? "the default configuration" : file.toString();
  }

  /** Prints all errors, one a line, so that editors find file and line. */
  int report(ConfigErrors errors, PrintWriter err) {
    final int count = errors.errors().size();
    err.println(
        "millrace: " + name() + " has " + (count == 1 ? "an error" : count + " errors") + ":");
    for (final ConfigError error : errors.errors()) {
      err.println(error);
    }
    return ExitCode.USAGE;
  }
}
