package org.millrace.jetty.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.jetty.Edge;
import org.millrace.jetty.Version;
import org.millrace.jetty.config.EdgeConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the edge. */
@Command(
    name = "millrace",
    description = "A WebSocket edge for SIP and MSRP.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 it did not work, 2 the command line or the configuration is wrong."
    })
public final class Main {
  /** System property: directory of the SIP library of the page, as the launcher built it. */
  private static final String PAGE = "millrace.page";

  private Main() {}

  /** Ends the process with the exit code of the command. */
  public static void main(String[] arguments) {
    final int code =
        commandLine(Main::launch, Signals.ofProcess(), Runtime.getRuntime()::halt)
            .execute(arguments);
    System.exit(code);
  }

  private static RunningEdge launch(EdgeConfig config) throws Exception {
    final Optional<Path> page = Optional.ofNullable(System.getProperty(PAGE)).map(Path::of);
    return new StartedEdge(Edge.launch(config, ConnectionListener.NONE, page));
  }

  static CommandLine commandLine(EdgeLauncher launcher, Signals signals, IntConsumer halt) {
    final CommandLine line = new CommandLine(new Main());
    line.addSubcommand(new ServeCommand(launcher, signals, halt));
    line.addSubcommand(new CheckCommand());
    line.addSubcommand(new CtlCommand());
    line.addSubcommand(new VersionCommand());
    line.getCommandSpec().version(Version.ofThis().toString());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          command.getErr().println("millrace: " + exception);
          exception.printStackTrace(command.getErr());
          return ExitCode.FAILURE;
        });
    return line;
  }
}
