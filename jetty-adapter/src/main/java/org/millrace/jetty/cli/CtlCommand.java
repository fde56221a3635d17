package org.millrace.jetty.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Talks to a running edge. */
@Command(
    name = "ctl",
    description = "Asks a running edge, or tells it what to do, through its admin listener.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nShort names:%n",
    footer = {
      "  list [...]         millrace.connections  who is connected",
      "  close ID           ws.close              closes a connection",
      "  ping ID            ws.ping               pings a connection",
      "  stats [NAME...]    stats.fetchn          counters; all without a name",
      "  bindings [...]     millrace.bindings     who is registered",
      "  upstreams          millrace.upstreams    where the core is, and whether it is well",
      "  revoke IDENTITY    millrace.revoke       closes all connections of somebody",
      "  drain, undrain     millrace.drain, ...   closes all connections in turn; takes it back",
      "  disable, enable    ws.disable, ...       refuses new connections; takes them again",
      "  dump [...]         ws.dump               connections as Kamailio lists them",
      "  version            millrace.version      what the edge is",
      "",
      "Exit codes: 0 done, 1 the edge said no or was not there, 2 wrong usage."
    })
final class CtlCommand implements Callable<Integer> {
  static final String USUAL_URL = "http://127.0.0.1:8090";

  private record Alias(String method, List<String> defaults) {}

  private static final Map<String, Alias> ALIASES =
      Map.ofEntries(
          alias("list", "millrace.connections"),
          alias("close", "ws.close"),
          alias("ping", "ws.ping"),
          alias("stats", "stats.fetchn", "all"),
          alias("bindings", "millrace.bindings"),
          alias("upstreams", "millrace.upstreams"),
          alias("revoke", "millrace.revoke"),
          alias("drain", "millrace.drain"),
          alias("undrain", "millrace.undrain"),
          alias("disable", "ws.disable"),
          alias("enable", "ws.enable"),
          alias("dump", "ws.dump"),
          alias("version", "millrace.version"));

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:MILLRACE_ADMIN_URL:-" + USUAL_URL + "}",
      description = "The admin listener. Default: $MILLRACE_ADMIN_URL, or http://127.0.0.1:8090.")
  private URI url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "What admin.token is, if it is set. Default: $MILLRACE_ADMIN_TOKEN.")
  private String token;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for the answer. Default: 30.")
  private int timeoutSeconds;

  @Option(names = "--json", description = "Prints the answer as it came, and no table.")
  private boolean json;

  @Parameters(
      index = "0",
      paramLabel = "METHOD",
      description = "A method of JSON-RPC, or a short name.")
  private String method;

  @Parameters(
      index = "1..*",
      paramLabel = "PARAMS",
      description = "Its parameters: what reads as JSON is JSON, everything else is text.")
  private List<String> parameters = List.of();

  @Spec private CommandSpec spec;

  private static Map.Entry<String, Alias> alias(String name, String method, String... defaults) {
    return Map.entry(name, new Alias(method, List.of(defaults)));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--url " + url + " must be like http://127.0.0.1:8090");
    }
    if (timeoutSeconds < 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--timeout must be 1 or more");
    }
    final Alias alias = ALIASES.getOrDefault(method, new Alias(method, List.of()));
    final AdminClient client =
        new AdminClient(
            url,
            Optional.ofNullable(token).or(() -> environment("MILLRACE_ADMIN_TOKEN")),
            Duration.ofSeconds(timeoutSeconds));
    try {
      final JsonNode result =
          client.call(alias.method(), parameters.isEmpty() ? alias.defaults() : parameters);
      final PrintWriter out = spec.commandLine().getOut();
      out.print(json ? result.toPrettyString() + System.lineSeparator() : Table.of(result));
      out.flush();
      return ExitCode.OK;
    } catch (AdminFault e) {
      spec.commandLine().getErr().println("millrace: " + e.getMessage());
      return ExitCode.FAILURE;
    }
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }
}
