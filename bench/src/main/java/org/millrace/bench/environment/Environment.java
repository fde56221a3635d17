package org.millrace.bench.environment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a figure was measured on.
 *
 * @param cpu model and number of processors that this JVM may use.
 * @param os operating system and its version.
 * @param jdk virtual machine and its version.
 * @param flags of the measured JVM.
 * @param revision git revision of the working directory, with {@code +} if there are changes.
 * @param load how many processes wanted a processor, on average over the minute, 5 and 15 minutes
 *     before.
 */
public record Environment(
    String cpu, String os, String jdk, List<String> flags, String revision, String load) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path LOAD_AVERAGES = Path.of("/proc/loadavg");
  private static final int LOAD_AVERAGE_COUNT = 3;

  /** Flags that only concern a JVM as it was started. */
  private static final String AGENT = "-agent";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String UNKNOWN = "unknown";

  public Environment {
    flags = List.copyOf(flags);
  }

  /** The environment of this JVM and of JVMs that are started from the same JDK. */
  public static Environment of(List<String> flags) {
    return new Environment(
        cpuModel() + ", " + Runtime.getRuntime().availableProcessors() + " processors",
        property("os.name") + " " + property("os.version") + " " + property("os.arch"),
        property("java.vm.name") + " " + property("java.vm.version"),
        flags,
        headRevision(),
        loadAverages());
  }

  /**
   * Flags for the JVMs of servers that are compared: those of this JVM, and heaps that are alike.
   */
  public static List<String> serverFlags() {
    final List<String> flags =
        new ArrayList<>(
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.contains(AGENT))
                .toList());
    flags.addAll(List.of("-Xms512m", "-Xmx512m"));
    return List.copyOf(flags);
  }

  /** As an object of JSON, which {@link #fromJson} reads. */
  public ObjectNode json() {
    return JSON.valueToTree(this);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is something else.
   */
  public static Environment fromJson(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("not an environment: " + json);
    }
    try {
      return JSON.treeToValue(json, Environment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not an environment: " + e.getOriginalMessage(), e);
    }
  }

  /** Whether times may be compared with those of another: the same processor and JVM. */
  public boolean isLike(Environment other) {
    return cpu.equals(other.cpu) && jdk.equals(other.jdk);
  }

  /** One line for each property, as printed above a result and saved beside it. */
  public List<String> lines() {
    return List.of(
        "cpu: " + cpu,
        "os: " + os,
        "jdk: " + jdk,
        "flags: " + String.join(" ", flags),
        "revision: " + revision,
        "load: " + load);
  }

  private static String cpuModel() {
    if (!Files.isReadable(CPU_INFO)) {
      return property("os.arch");
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElseGet(() -> property("os.arch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String property(String name) {
    return System.getProperty(name, UNKNOWN);
  }

  private static String loadAverages() {
    try {
      final String[] averages = Files.readString(LOAD_AVERAGES).split(" ");
      return String.join(" ", Arrays.copyOf(averages, LOAD_AVERAGE_COUNT));
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String headRevision() {
    final String head = git("rev-parse", "--short=12", "HEAD");
    if (head.isEmpty()) {
      return UNKNOWN;
    }
    return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? head : head + "+";
  }

  /** What git prints, or nothing if there is no git or no repository here. */
  private static String git(String... arguments) {
    try {
      final Process git =
          new ProcessBuilder(Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      final String answer =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? answer : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
