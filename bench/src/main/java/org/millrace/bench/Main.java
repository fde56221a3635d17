package org.millrace.bench;

import org.millrace.bench.capacity.CapacityCommand;
import org.millrace.bench.capacity.ConnectionsCommand;
import org.millrace.bench.compare.CompareCommand;
import org.millrace.bench.endtoend.EchoCommand;
import org.millrace.bench.gate.GateCommand;
import org.millrace.bench.idle.IdleCommand;
import org.millrace.bench.jmh.JmhCommand;
import org.millrace.bench.load.LoadCommand;
import org.millrace.bench.peers.PeersCommand;
import org.millrace.bench.ratios.RatiosCommand;
import org.millrace.bench.sip.SipCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code bench} command. A further sub-command is one class more in the list below. */
@Command(
    name = "bench",
    description = "Measures Millrace, and its peers beside it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      JmhCommand.class,
      CompareCommand.class,
      GateCommand.class,
      RatiosCommand.class,
      ConnectionsCommand.class,
      IdleCommand.class,
      EchoCommand.class,
      PeersCommand.class,
      LoadCommand.class,
      SipCommand.class,
      CapacityCommand.class
    })
public final class Main {
  /** Descriptions are broken at 100 in the source, too. */
  private static final int USAGE_WIDTH = 110;

  private Main() {}

  /** Runs a sub-command and exits: 0 done, 1 a bar was missed or the run failed, 2 bad usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(USAGE_WIDTH);
  }
}
