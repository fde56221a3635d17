package org.millrace.bench.peers;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.load.LoadRun;
import org.millrace.bench.peer.Identity;
import org.millrace.bench.peer.ServerProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench peers}: Millrace and its peers side by side, as a report rather than as a gate. */
@Command(
    name = "peers",
    description = {
      "Tries whole servers side by side in one run, each in a process of its own, over ws and wss:",
      "throughput, server CPU a message, latency at a fixed rate, connections that come and go,",
      "memory of an idle connection. Those that echo are compared with Millrace's echo; kamailio,",
      "which needs to be installed with its websocket and tls modules, with Millrace answering SIP.",
      "Linux only. Exit code 1 if a server failed; whatever was measured is reported then, too."
    },
    mixinStandardHelpOptions = true)
public final class PeersCommand implements Callable<Integer> {
  /** Which schemes to try. */
  enum Tls {
    OFF,
    ON,
    BOTH;

    private List<Boolean> schemes() {
      return switch (this) {
        case OFF -> List.of(false);
        case ON -> List.of(true);
        case BOTH -> List.of(false, true);
      };
    }
  }

  /** Name of the report's files. */
  private static final String NAME = "peers";

  /** What a process needs besides the descriptors of its connections. */
  private static final int SPARE_DESCRIPTORS = 500;

  private static final int DESCRIPTORS_EACH = 2;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description =
          "Only these of millrace, jetty (its Jakarta endpoint), jetty-native, netty, undertow,"
              + " tomcat, millrace-sip, kamailio (default: all that are installed).")
  private Set<Contender> peers = EnumSet.noneOf(Contender.class);

  @Option(
      names = "--modes",
      split = ",",
      paramLabel = "MODE",
      description = "Only these of throughput, latency, handshake, idle (default: all).")
  private Set<Mode> modes = EnumSet.allOf(Mode.class);

  @Option(
      names = "--tls",
      paramLabel = "WHICH",
      description = "off for ws, on for wss, or both (default: both).")
  private Tls tls = Tls.BOTH;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every figure to FILE.")
  private Path json;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write peers.html, peers.md, its plots, peers.json and the index of all reports into DIR.")
  private Path report;

  @Option(
      names = "--jvm",
      paramLabel = "FLAG",
      description = "A further flag for the JVMs of the peers; may be repeated.")
  private List<String> furtherFlags = new ArrayList<>();

  @Mixin private Settings settings;

  @Spec private CommandSpec spec;

  private PrintWriter out;

  @Override
  public Integer call() throws IOException {
    out = spec.commandLine().getOut();
    final String complaint = complaint();
    if (!complaint.isEmpty()) {
      spec.commandLine().getErr().println(complaint);
      return 2;
    }
    final List<String> flags = flags();
    final Environment environment = Environment.of(flags);
    environment.lines().forEach(this::say);
    final Map<Contender, String> notes = new EnumMap<>(Contender.class);
    final Results results;
    try (Identity identity = Identity.make()) {
      results = measure(flags, identity, notes);
    }
    results.remarks().forEach(this::say);
    write(environment, notes, results);
    return results.hasFailed() ? 1 : 0;
  }

  private String complaint() {
    for (final Contender contender : peers) {
      if (!contender.isAvailable()) {
        return "--peers: "
            + contender
            + " is not installed; on Debian: apt-get install kamailio kamailio-websocket-modules"
            + " kamailio-tls-modules";
      }
    }
    if (modes.contains(Mode.IDLE) && settings.idle() > mostConnections()) {
      return "--idle: a process may have "
          + mostConnections()
          + " connections here; see ulimit -n, or ask for fewer";
    }
    return settings.complaint();
  }

  private static long mostConnections() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (unix.getMaxFileDescriptorCount() - SPARE_DESCRIPTORS) / DESCRIPTORS_EACH
        : Long.MAX_VALUE;
  }

  /** Those of this JVM; and a heap whose pages are there from the start, so that growth is told. */
  private List<String> flags() {
    final List<String> flags = new ArrayList<>(Environment.serverFlags());
    flags.add("-XX:+AlwaysPreTouch");
    flags.addAll(furtherFlags);
    return flags;
  }

  private Results measure(List<String> flags, Identity identity, Map<Contender, String> notes)
      throws IOException {
    final Map<Contender, ServerProcess> servers = new EnumMap<>(Contender.class);
    try {
      for (final Contender contender : chosen()) {
        final ServerProcess server = contender.start(flags, identity);
        servers.put(contender, server);
        notes.put(contender, server.note());
        say(contender + ": process " + server.pid() + ": " + server.note());
      }
      return new Run(
              settings,
              plan -> LoadRun.run(plan, line -> {}),
              servers,
              contender -> contender.start(flags, identity),
              List.copyOf(EnumSet.copyOf(modes)),
              tls.schemes(),
              identity.chain(),
              this::say)
          .results();
    } finally {
      for (final ServerProcess server : servers.values()) {
        server.close();
      }
    }
  }

  private Set<Contender> chosen() {
    if (!peers.isEmpty()) {
      return EnumSet.copyOf(peers);
    }
    final Set<Contender> all = EnumSet.allOf(Contender.class);
    if (!Contender.KAMAILIO.isAvailable()) {
      say("kamailio is not installed: without it, and without Millrace beside it");
      all.remove(Contender.KAMAILIO);
      all.remove(Contender.MILLRACE_SIP);
    }
    return all;
  }

  private void write(Environment environment, Map<Contender, String> notes, Results results)
      throws IOException {
    final String command =
        "./millrace bench peers"
            + arguments().stream()
                .map(argument -> " " + quoted(argument))
                .collect(Collectors.joining());
    final String text = PeersJson.of(command, environment, notes, results);
    if (json != null) {
      Files.writeString(json, text + System.lineSeparator());
    }
    final PeersReport peersReport =
        new PeersReport(command, environment, settings, notes, tls.schemes(), results);
    peersReport.lines().forEach(this::say);
    if (report != null) {
      peersReport.report(text).writeTo(report, NAME);
      say("written: " + report.resolve(NAME + ".html"));
    }
  }

  /** What stands behind the name of this command. */
  private List<String> arguments() {
    final List<String> all = spec.commandLine().getParseResult().originalArgs();
    return spec.parent() == null ? all : all.subList(all.indexOf(spec.name()) + 1, all.size());
  }

  private static String quoted(String argument) {
    return argument.matches("[\\w./:=,+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
