package org.millrace.jetty.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;

/** A command line as in a process of its own: what it printed, and how it ended. */
final class CommandRun {
  private static final EdgeLauncher NOBODY =
      config -> {
        throw new AssertionError("nobody was to start an edge: " + config.listeners());
      };

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, Runnable> handlers = new ConcurrentHashMap<>();
  private final AtomicInteger halted = new AtomicInteger(-1);
  private final CommandLine line;
  private int exitCode = -1;

  private CommandRun(EdgeLauncher launcher) {
    line =
        Main.commandLine(launcher, handlers::put, halted::set)
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
  }

  static CommandRun of(String... arguments) {
    return with(NOBODY).run(arguments);
  }

  static CommandRun with(EdgeLauncher launcher) {
    return new CommandRun(launcher);
  }

  CommandRun run(String... arguments) {
    exitCode = line.execute(arguments);
    return this;
  }

  void signal(String name) {
    handlers.get(name).run();
  }

  int exitCode() {
    return exitCode;
  }

  /** With what the process was ended at once; -1 if it was not. */
  int halted() {
    return halted.get();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
