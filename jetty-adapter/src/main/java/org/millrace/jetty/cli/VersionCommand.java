package org.millrace.jetty.cli;

import java.util.concurrent.Callable;
import org.millrace.jetty.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what this is. */
@Command(
    name = "version",
    description = "Prints the version, the git revision and the Java that runs it.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(Version.ofThis());
    return ExitCode.OK;
  }
}
