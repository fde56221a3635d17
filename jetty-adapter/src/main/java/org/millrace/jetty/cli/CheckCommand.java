package org.millrace.jetty.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.millrace.jetty.config.ConfigErrors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what is wrong with a configuration, and no more. */
@Command(
    name = "check",
    description = "Checks a configuration and tells everything that is wrong with it.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--dump",
      description = "Prints every key with the value in effect and its origin; secrets are masked.")
  private boolean dump;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    final PrintWriter out = spec.commandLine().getOut();
    try {
      if (dump) {
        out.print(config.loader().dump());
        out.flush();
      } else {
        config.loader().load();
        out.println("millrace: " + config.name() + " is right");
      }
      return ExitCode.OK;
    } catch (ConfigErrors e) {
      return config.report(e, spec.commandLine().getErr());
    }
  }
}
