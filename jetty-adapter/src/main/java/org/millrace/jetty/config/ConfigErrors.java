package org.millrace.jetty.config;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with the configuration, at once. */
public final class ConfigErrors extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigError> errors;

  ConfigErrors(List<ConfigError> errors) {
    super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
    this.errors = List.copyOf(errors);
  }

  /** In the order of the sections, at least one. */
  public List<ConfigError> errors() {
    return errors;
  }
}
