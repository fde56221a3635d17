package org.millrace.bench.capacity;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.bench.capacity.model.UnsupportedModelException;
import org.millrace.bench.load.TimeConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bench capacity plan}. */
@Command(
    name = "plan",
    description = {
      "Answers how many machines a service takes, one of which may fail, from a measurement, and tells",
      "what the answer rests on.",
      "",
      "Exit code 1 if it would have to go further beyond what was measured than",
      "--extrapolate-at-most allows, or the measurement does not support it: the message says what to",
      "measure. With --allow-extrapolation the answer is given, and marked.",
      "",
      "Example: bench capacity plan --users 200000 --calls 10 --tls --cores 8 --machine-memory 16G"
    },
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Option(
      names = "--measurement",
      paramLabel = "FILE",
      description = "Of bench capacity measure (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("perf-reports", "capacity.json");

  @Option(names = "--users", required = true, paramLabel = "N", description = "Registered users.")
  private double users;

  @Option(
      names = "--calls",
      paramLabel = "N",
      description = "Calls begun a second (default: ${DEFAULT-VALUE}).")
  private double calls;

  @Option(
      names = "--legs",
      paramLabel = "N",
      description = "Of a call that are WebSocket connections (default: ${DEFAULT-VALUE}).")
  private int legs = 2;

  @Option(
      names = "--register-every",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Between registrations of a user (default: 600s).")
  private Duration registerEvery = Duration.ofMinutes(10);

  @Option(
      names = "--register-exchanges",
      paramLabel = "N",
      description = "Of a registration; 2 with a challenge (default: ${DEFAULT-VALUE}).")
  private int registerExchanges = 2;

  @Option(
      names = "--keep-alive",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Between pings of a connection (default: 30s).")
  private Duration keepAlive = Duration.ofSeconds(30);

  @Option(
      names = "--messages",
      paramLabel = "N",
      description = "That a user sends in an hour (default: ${DEFAULT-VALUE}).")
  private double messages;

  @Option(names = "--tls", description = "wss rather than ws.")
  private boolean tls;

  @Option(
      names = "--recover-in",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "In which the users of a machine that fails are back (default: 60s).")
  private Duration recoverIn = Duration.ofSeconds(60);

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Of a machine (default: those of the measurement).")
  private int cores;

  @Option(
      names = "--machine-memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "For the server, such as 16G (default: 4G).")
  private Long memory = 4L << 30;

  @Option(
      names = "--headroom",
      paramLabel = "PERCENT",
      description = "Of CPU, memory and rate that is kept free (default: ${DEFAULT-VALUE}).")
  private double headroom = 30;

  @Option(
      names = "--extrapolate-at-most",
      paramLabel = "FACTOR",
      description = "Beyond what was measured (default: ${DEFAULT-VALUE}).")
  private double most = 4;

  @Option(names = "--allow-extrapolation", description = "Answer whatever the factor; marked.")
  private boolean allow;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the answer to FILE, too.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    check();
    try {
      final Measurement measured = Measurement.read(file);
      final Demand demand =
          new Demand(
              users,
              calls,
              legs,
              registerEvery,
              registerExchanges,
              keepAlive,
              messages,
              tls,
              recoverIn);
      final Machine machine =
          new Machine(cores == 0 ? measured.cores() : cores, memory, headroom / 100);
      return answer(new Plan(measured, demand, machine));
    } catch (IOException | UnsupportedModelException e) {
      spec.commandLine().getErr().println("bench capacity plan: " + e.getMessage());
      return 1;
    }
  }

  private void check() {
    require(users > 0, "--users: above 0");
    require(calls >= 0 && messages >= 0, "--calls, --messages: from 0 on");
    require(legs >= 0 && registerExchanges >= 1, "--legs: from 0 on, --register-exchanges: from 1");
    require(headroom >= 0 && headroom < 100, "--headroom: from 0 to below 100");
    require(cores >= 0 && memory > 0, "--cores, --machine-memory: above 0");
    require(most >= 1, "--extrapolate-at-most: 1 at least");
    for (final Duration time : List.of(registerEvery, keepAlive, recoverIn)) {
      require(!time.isZero(), "--register-every, --keep-alive, --recover-in: longer than nothing");
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private int answer(Plan plan) throws IOException {
    final List<Plan.Reach> tooFar = plan.tooFar(most);
    final PrintWriter err = spec.commandLine().getErr();
    for (final Plan.Reach reach : tooFar) {
      err.printf(
          Locale.ROOT,
          "%s: %s would be %.0f, and %.0f were measured, %.1f times as many; at most %.1f%n",
          allow ? "EXTRAPOLATED" : "not answered",
          reach.what(),
          reach.planned(),
          reach.measured(),
          reach.factor(),
          most);
    }
    if (!tooFar.isEmpty() && !allow) {
      err.println(
          "Measure more (bench capacity measure --most-connections N, on a machine with more cores),"
              + " plan smaller machines, or use --allow-extrapolation.");
      return 1;
    }
    final PrintWriter out = spec.commandLine().getOut();
    plan.lines().forEach(out::println);
    out.flush();
    if (json != null) {
      Files.writeString(json, json(plan, !tooFar.isEmpty()).toPrettyString() + "\n");
    }
    return 0;
  }

  private static ObjectNode json(Plan plan, boolean extrapolated) {
    final ObjectNode root = JSON.createObjectNode();
    root.put("machines", plan.machines()).put("low", plan.low()).put("high", plan.high());
    root.put("binding", plan.binding().resource()).put("extrapolated", extrapolated);
    final ArrayNode needs = root.putArray("needs");
    for (final Plan.Need need : plan.needs()) {
      needs
          .addObject()
          .put("resource", need.resource())
          .put("low", need.low())
          .put("machines", need.machines())
          .put("high", need.high())
          .put("how", need.how());
    }
    final ArrayNode reaches = root.putArray("reaches");
    for (final Plan.Reach reach : plan.reaches()) {
      reaches
          .addObject()
          .put("what", reach.what())
          .put("planned", reach.planned())
          .put("measured", reach.measured());
    }
    return root;
  }

  /** Reads bytes as people write them. */
  private static final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d+)([KMGT])");

    @Override
    public Long convert(String text) {
      final Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no size; write 512M or 16G");
      }
      return Long.parseLong(matcher.group(1)) << (10 * ("KMGT".indexOf(matcher.group(2)) + 1));
    }
  }
}
