package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configuration files of tests. */
final class ConfigFiles {
  private ConfigFiles() {}

  static Path write(Path directory, String text) {
    try {
      return Files.writeString(directory.resolve("millrace.conf"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static EdgeConfig load(Path directory, String text) throws ConfigErrors {
    return ConfigLoader.load(Optional.of(write(directory, text)), Map.of());
  }

  /** What is wrong, a line each; the directory is left out. */
  static List<String> errors(Path directory, String text) {
    final Path file = write(directory, text);
    final ConfigErrors errors =
        catchThrowableOfType(
            ConfigErrors.class, () -> ConfigLoader.load(Optional.of(file), Map.of()));
    return errors == null
        ? List.of()
        : errors.errors().stream()
            .map(error -> error.toString().replace(directory + "/", ""))
            .toList();
  }
}
