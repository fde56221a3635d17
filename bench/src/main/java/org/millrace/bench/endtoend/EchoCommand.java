package org.millrace.bench.endtoend;

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
import org.millrace.bench.environment.Environment;
import org.millrace.bench.peer.Identity;
import org.millrace.bench.peer.Peer;
import org.millrace.bench.peer.PeerProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench echo}: Millrace end to end, as a gate.
 *
 * <p>Each peer is a process of its own, on the same JDK with the same flags, and lives through all
 * rounds; in each round every peer has its turn, so that what else goes on on the machine meets all
 * alike. CPU time of the server's process is compared, not throughput: the client runs on the same
 * machine. Of the rounds the median counts.
 */
@Command(
    name = "echo",
    description = {
      "Compares whole servers that echo 512 B of text over sockets: server CPU a message with 16",
      "and with one message outstanding on each connection, CPU of a connection that comes and",
      "goes, heap of an idle one. Exit code 1 if a target is missed."
    },
    mixinStandardHelpOptions = true)
public final class EchoCommand implements Callable<Integer> {
  @Option(
      names = "--modes",
      split = ",",
      paramLabel = "MODE",
      description = "Only these of ${COMPLETION-CANDIDATES}.")
  private Set<Mode> modes = EnumSet.allOf(Mode.class);

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description = "Only these of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Set<Peer> peers = EnumSet.of(Peer.MILLRACE, Peer.JETTY, Peer.NETTY);

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results to FILE, too.")
  private Path json;

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
    if (modes.contains(Mode.IDLE) && settings.idle() > mostConnections()) {
      spec.commandLine()
          .getErr()
          .println("--idle: a process may have " + mostConnections() + " connections here");
      return 2;
    }
    final List<String> flags = flags();
    final Environment environment = Environment.of(flags);
    environment.lines().forEach(out::println);
    final Report report;
    try (Identity identity = Identity.make()) {
      report = new Report(environment, peers, measure(flags, identity));
    }
    report.lines().forEach(out::println);
    out.flush();
    if (json != null) {
      Files.writeString(json, report.json() + System.lineSeparator());
    }
    return report.isMet() ? 0 : 1;
  }

  private static long mostConnections() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? Turn.mostConnections(unix.getMaxFileDescriptorCount())
        : Long.MAX_VALUE;
  }

  private List<String> flags() {
    final List<String> flags = new ArrayList<>(Environment.serverFlags());
    flags.addAll(furtherFlags);
    return flags;
  }

  private Figures measure(List<String> flags, Identity identity) throws IOException {
    final Map<Peer, PeerProcess> processes = new EnumMap<>(Peer.class);
    try {
      for (final Peer peer : peers) {
        final PeerProcess process = PeerProcess.start(peer, flags, identity);
        processes.put(peer, process);
        say(peer + ": process " + process.pid() + " " + process.note());
      }
      final Figures figures = new Figures();
      for (final Mode mode : modes) {
        measure(mode, processes, figures);
      }
      return figures;
    } finally {
      for (final PeerProcess process : processes.values()) {
        process.close();
      }
    }
  }

  private void measure(Mode mode, Map<Peer, PeerProcess> processes, Figures figures)
      throws IOException {
    say(mode.title() + ": warming up");
    for (final PeerProcess process : processes.values()) {
      new Turn(settings, process).warmUp(mode);
    }
    for (int round = 1; round <= settings.rounds(); round++) {
      final StringBuilder line = new StringBuilder("round " + round + ":");
      for (final Map.Entry<Peer, PeerProcess> entry : processes.entrySet()) {
        final double value = new Turn(settings, entry.getValue()).measure(mode);
        figures.add(mode, entry.getKey(), value);
        line.append(String.format(java.util.Locale.ROOT, " %s %.2f", entry.getKey(), value));
      }
      say(line.toString());
    }
  }

  private void say(String line) {
    out.println(line.stripTrailing());
    out.flush();
  }
}
