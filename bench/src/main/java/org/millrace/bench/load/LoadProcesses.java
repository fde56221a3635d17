package org.millrace.bench.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Several generator processes that share a plan's work. Each is a JVM like this one, gets its part
 * as a line of JSON, connects when all are there, begins when all are connected, and answers with
 * its result.
 */
public final class LoadProcesses {
  private static final String READY = "ready";
  private static final String PROGRESS = "progress ";
  private static final String FAILED = "failed ";
  private static final String RESULT = "result ";
  private static final String AGENT = "-agent";
  private static final int SECONDS_TO_END = 10;

  private LoadProcesses() {}

  /** Runs a plan in as many processes as it says. */
  static LoadResult run(LoadPlan plan, Consumer<String> progress) throws IOException {
    final List<Part> parts = new ArrayList<>();
    try {
      for (int i = 0; i < plan.processes(); i++) {
        parts.add(new Part(i, plan.share(i), progress));
      }
      for (final String stage : List.of("connect", "begin")) {
        for (final Part part : parts) {
          part.await(READY);
        }
        for (final Part part : parts) {
          part.say(stage);
        }
      }
      final List<LoadResult> results = new ArrayList<>();
      for (final Part part : parts) {
        results.add(LoadResult.fromJson(part.await(RESULT)));
      }
      return LoadResult.merge(results);
    } finally {
      parts.forEach(Part::end);
    }
  }

  /** One of the processes, seen from the one that started them. */
  private static final class Part {
    private final int number;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;
    private final Consumer<String> progress;

    private Part(int number, LoadPlan plan, Consumer<String> progress) throws IOException {
      this.number = number;
      this.progress = progress;
      final List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(flag -> !flag.contains(AGENT))
          .forEach(command::add);
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(LoadProcesses.class.getName());
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      orders = process.outputWriter(StandardCharsets.UTF_8);
      say(PlanJson.write(plan).toString());
    }

    private void say(String order) throws IOException {
      orders.write(order);
      orders.newLine();
      orders.flush();
    }

    private String await(String wanted) throws IOException {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(wanted)) {
          return line.substring(wanted.length());
        }
        if (line.startsWith(FAILED)) {
          throw new LoadException(line.substring(FAILED.length()));
        }
        if (line.startsWith(PROGRESS)) {
          progress.accept("process " + (number + 1) + ": " + line.substring(PROGRESS.length()));
        }
      }
      throw new LoadException("generator process " + (number + 1) + " ended without a result");
    }

    private void end() {
      try {
        orders.close();
        if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
          return;
        }
      } catch (IOException e) {
        // it has gone already
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process.destroyForcibly();
    }
  }

  /** One of the processes. */
  public static void main(String[] args) throws IOException {
    final BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    final PrintStream answers = System.out;
    try {
      final LoadPlan plan = PlanJson.read(JsonMapper.builder().build().readTree(orders.readLine()));
      final LoadResult result =
          LoadRun.run(plan, line -> answers.println(PROGRESS + line), stages(orders, answers));
      answers.println(RESULT + ResultJson.line(result));
    } catch (IOException | IllegalArgumentException e) {
      answers.println(FAILED + e.getMessage());
    }
    answers.flush();
  }

  private static LoadRun.Stages stages(BufferedReader orders, PrintStream answers) {
    return new LoadRun.Stages() {
      @Override
      public void connect() throws IOException {
        awaitOrder();
      }

      @Override
      public void begin() throws IOException {
        awaitOrder();
      }

      private void awaitOrder() throws IOException {
        answers.println(READY);
        answers.flush();
        if (orders.readLine() == null) {
          throw new LoadException("whoever started this process has gone");
        }
      }
    };
  }
}
