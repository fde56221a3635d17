package org.millrace.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The benchmarks of a git revision, built in a worktree of its own: nothing in the working
 * directory changes.
 */
public final class Build implements AutoCloseable {
  /** Stands for what is in the directory now. */
  public static final String WORKING_TREE = ".";

  private static final String JAR = "bench/target/millrace-bench.jar";
  private static final int LINES_OF_LOG = 20;

  private final Path jar;
  private final Optional<Path> directory;
  private final Thread onExit = new Thread(this::delete);

  private Build(Path jar, Optional<Path> directory) {
    this.jar = jar;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** That of the working tree, which is this process's own: the launcher has built it. */
  private static Build ofWorkingTree() {
    return new Build(Path.of(System.getProperty("java.class.path")), Optional.empty());
  }

  /** Whether git knows a revision here; a shallow clone does not know old ones. */
  public static boolean isKnown(String revision) throws IOException {
    return new Shell(Path.of("")).run("git", "cat-file", "-e", revision + "^{commit}").isEmpty();
  }

  /**
   * Builds a revision; {@link #WORKING_TREE} is there already.
   *
   * @param progress hears what is under way.
   * @throws IOException if git does not know it or it does not build; the message tells what Maven
   *     or git has said.
   */
  public static Build of(String revision, Consumer<String> progress) throws IOException {
    if (revision.equals(WORKING_TREE)) {
      return ofWorkingTree();
    }
    if (!isKnown(revision)) {
      throw new IOException(
          "git knows no revision " + revision + " here; in a shallow clone, git fetch --unshallow");
    }
    progress.accept("building " + revision);
    final Path directory = Files.createTempDirectory("millrace-compare-");
    final Build build = new Build(directory.resolve("bench.jar"), Optional.of(directory));
    try {
      build.make(revision, directory.resolve("source"));
      return build;
    } catch (IOException | RuntimeException e) {
      build.close();
      throw e;
    }
  }

  private void make(String revision, Path source) throws IOException {
    final Shell here = new Shell(Path.of(""));
    here.require("git", "worktree", "add", "--quiet", "--detach", source.toString(), revision);
    try {
      new Shell(source)
          .require(
              "mvn",
              "-B",
              "-q",
              "-ntp",
              "-pl",
              "bench",
              "-am",
              "package",
              "-Dmaven.test.skip=true");
      Files.move(source.resolve(JAR), jar, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      here.run("git", "worktree", "remove", "--force", source.toString());
    }
  }

  /** What was built. */
  public Path jar() {
    return jar;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    delete();
  }

  private void delete() {
    try {
      if (directory.isPresent()) {
        deleteAll(directory.get());
        new Shell(Path.of("")).run("git", "worktree", "prune");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Commands in a directory. */
  private record Shell(Path directory) {
    /** What a command has said if it failed, else nothing. */
    String run(String... command) throws IOException {
      final Process process =
          new ProcessBuilder(command)
              .directory(directory.toAbsolutePath().toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      final String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try {
        return process.waitFor() == 0 ? "" : said.isBlank() ? "no reason given" : said.strip();
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    void require(String... command) throws IOException {
      final String said = run(command);
      if (!said.isEmpty()) {
        final List<String> lines = said.lines().toList();
        throw new IOException(
            String.join(" ", command)
                + " failed: "
                + String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size())));
      }
    }
  }
}
