package org.millrace.jetty.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.millrace.jetty.config.ConfigErrors;
import org.millrace.jetty.config.EdgeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the edge until a signal ends it. */
@Command(
    name = "serve",
    description = {
      "Runs the edge. SIGTERM and SIGINT close all connections in turn and end it;",
      "a second one ends it at once."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ServeCommand.class);

  private final EdgeLauncher launcher;
  private final Signals signals;
  private final IntConsumer halt;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();

  @Mixin private ConfigOptions config;
  @Spec private CommandSpec spec;

  ServeCommand(EdgeLauncher launcher, Signals signals, IntConsumer halt) {
    this.launcher = launcher;
    this.signals = signals;
    this.halt = halt;
  }

  @Override
  public Integer call() throws InterruptedException {
    final EdgeConfig edgeConfig;
    try {
      edgeConfig = config.loader().load();
    } catch (ConfigErrors e) {
      return config.report(e, spec.commandLine().getErr());
    }
    signals.on("TERM", () -> stop("SIGTERM"));
    signals.on("INT", () -> stop("SIGINT"));
    signals.on(
        "HUP", () -> LOGGER.info("SIGHUP does nothing: restart to read the configuration again"));
    return serve(edgeConfig);
  }

  private int serve(EdgeConfig edgeConfig) throws InterruptedException {
    final PrintWriter out = spec.commandLine().getOut();
    try (RunningEdge edge = launcher.launch(edgeConfig)) {
      new Greeting(edgeConfig, edge).print(out);
      stop.await();
      if (edge.drain()) {
        LOGGER.info("all connections are closed");
      } else {
        LOGGER.warn("not all connections could be closed in time; the rest is dropped");
      }
      return ExitCode.OK;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOGGER.debug("the edge does not start", e);
      spec.commandLine().getErr().println("millrace: " + StartFailure.explain(e, edgeConfig));
      return ExitCode.FAILURE;
    }
  }

  private void stop(String signal) {
    if (stopping.compareAndSet(false, true)) {
      LOGGER.info("{}: closing connections, then ending; once more ends at once", signal);
      stop.countDown();
    } else {
      halt.accept(ExitCode.FAILURE);
    }
  }
}
