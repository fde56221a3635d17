package org.millrace.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.millrace.bench.load.baseline.LeastEchoProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench load}: loads a WebSocket server and says what came of it. */
@Command(
    name = "load",
    sortOptions = false,
    usageHelpWidth = 110,
    mixinStandardHelpOptions = true,
    description = {
      "Loads any WebSocket server, ws or wss, and measures it.",
      "",
      "Messages leave at the rate that is asked for, whatever the server does (open loop), and a"
          + " latency counts from the time at which its message was to be sent: a server that"
          + " stalls for a second has kept all messages of that second waiting, and the"
          + " percentiles show it. With --outstanding, messages leave as answers come (closed"
          + " loop): that tells throughput, and its latencies hide stalls.",
      "",
      "Scenarios:",
      "  echo      messages that the server sends back",
      "  options   SIP OPTIONS to sip:DOMAIN; any final answer is one, from 300 on an error",
      "  register  SIP REGISTER, a user for each connection",
      "  message   SIP MESSAGE between pairs of connections that have registered",
      "  calls     INVITE to BYE between pairs; a latency is that of the INVITE's final answer",
      "  idle      connections that do nothing but answer pings",
      "  storm     connections that come, shake hands and go; a latency is that of the 101",
      "  slow      echo, where some connections read hardly anything; the others are measured",
      "",
      "message and calls need a registrar and proxy at the server or behind it that knows the users"
          + " u00000000, u00000001, ... of --domain and asks for no password."
    },
    footer = {
      "",
      "Exit code: 0 done; 1 messages were lost or not sent, connections failed, answers were errors"
          + " or the load could not be run; 2 bad usage; 3 all went well but these are the"
          + " generator's figures, not the server's: it was too slow (use --processes, a lower rate"
          + " or a machine of its own).",
      "",
      "Examples:",
      "  bench load ws://127.0.0.1:8080/echo --rate 20000 --duration 30s --connections 200",
      "  bench load wss://edge:8443/ --scenario options --domain example.com --insecure \\",
      "      --rate 1000..10000 --over 60s",
      "  bench load ws://127.0.0.1:8080/echo --steps 1000,2000,5000 --step 10s --json out.json"
    })
public final class LoadCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int GENERATOR = 3;
  private static final int SECONDS_BETWEEN_LINES = 5;

  @Parameters(
      arity = "0..1",
      paramLabel = "URI",
      description = "ws://HOST:PORT/PATH or wss://HOST:PORT/PATH")
  private URI server;

  @Option(
      names = "--baseline",
      description =
          "In place of a URI: the least echo server there can be, started for this run. What is told"
              + " then is what the generator itself can do here.")
  private boolean baseline;

  @Mixin private LoadOptions options;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result to FILE, too.")
  private Path json;

  @Option(
      names = "--hgrm",
      paramLabel = "FILE",
      description =
          "Write the latency's distribution to FILE, in ms, as HdrHistogram's plotter reads.")
  private Path hgrm;

  @Option(names = "--quiet", description = "No progress.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  private final boolean onTerminal = isTerminal();
  private int lines;

  @Override
  public Integer call() throws IOException {
    if (baseline == (server != null)) {
      throw new ParameterException(spec.commandLine(), "a URI, or --baseline in its place");
    }
    if (!baseline) {
      return load(plan(server));
    }
    try (LeastEchoProcess least = new LeastEchoProcess()) {
      return load(plan(least.uri()).toBuilder().serverPid(least.pid()).build());
    }
  }

  private LoadPlan plan(URI uri) {
    try {
      return options.plan(uri);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int load(LoadPlan plan) throws IOException {
    final PrintWriter out = spec.commandLine().getOut();
    final LoadResult result;
    try {
      result = LoadRun.run(plan, this::progress);
    } catch (IOException | IllegalArgumentException e) {
      clear();
      spec.commandLine().getErr().println("load: " + e.getMessage());
      return FAILED;
    }
    clear();
    new Summary(result).lines().forEach(out::println);
    out.flush();
    if (json != null) {
      Files.writeString(json, result.json() + System.lineSeparator());
    }
    if (hgrm != null) {
      Files.writeString(hgrm, Summary.distribution(result.latency()));
    }
    return !result.isClean() ? FAILED : result.bottlenecks().isEmpty() ? 0 : GENERATOR;
  }

  private static boolean isTerminal() {
    try {
      return Path.of("/proc/self/fd/2").toRealPath().toString().matches("/dev/(pts/|tty).*");
    } catch (IOException e) {
      return false;
    }
  }

  /** On a terminal a line that changes; else a line now and then. */
  private void progress(String line) {
    if (quiet) {
      return;
    }
    final PrintWriter err = spec.commandLine().getErr();
    if (onTerminal) {
      err.print("\r\033[K" + line);
    } else if (lines++ % (SECONDS_BETWEEN_LINES * options.processes()) == 0) {
      err.println(line);
    }
    err.flush();
  }

  private void clear() {
    if (onTerminal && !quiet) {
      spec.commandLine().getErr().print("\r\033[K");
      spec.commandLine().getErr().flush();
    }
  }
}
