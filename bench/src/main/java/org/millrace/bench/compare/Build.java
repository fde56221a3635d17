package org.millrace.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final List<String> MAVEN =
      List.of(
          "mvn", "-B", "-q", "-ntp", "-pl", "bench", "-am", "package", "-Dmaven.test.skip=true");
  private static final int LINES_OF_LOG = 20;

  private final Shell repository;
  private final Path jar;
  private final Optional<Path> directory;
  private final Thread onExit = new Thread(this::deleteAtExit);

  private Build(Shell repository, Path jar, Optional<Path> directory) {
    this.repository = repository;
    this.jar = jar;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Whether git knows a revision here; a shallow clone does not know old ones. */
  public static boolean isKnown(String revision) {
    try {
      return isKnown(new Shell(Path.of("")), revision);
    } catch (IOException e) {
      return false; // there is no git here
    }
  }

  private static boolean isKnown(Shell repository, String revision) throws IOException {
    return repository.run("git", "cat-file", "-e", revision + "^{commit}").isEmpty();
  }

  /**
   * Builds a revision; {@link #WORKING_TREE} is there already.
   *
   * @param progress hears what is under way.
   * @throws IOException if git does not know it or it does not build; the message tells what Maven
   *     or git has said.
   */
  public static Build of(String revision, Consumer<String> progress) throws IOException {
    return of(revision, Path.of(""), MAVEN, progress);
  }

  /**
   * As above.
   *
   * @param maker the command that makes the jar, in the directory of a source.
   */
  static Build of(String revision, Path repository, List<String> maker, Consumer<String> progress)
      throws IOException {
    final Shell here = new Shell(repository);
    if (revision.equals(WORKING_TREE)) {
      // This process's own: the launcher has built it.
      return new Build(here, Path.of(System.getProperty("java.class.path")), Optional.empty());
    }
    if (!isKnown(here, revision)) {
      throw new IOException(
          "git knows no revision " + revision + " here; in a shallow clone, git fetch --unshallow");
    }
    progress.accept("building " + revision);
    final Path directory = Files.createTempDirectory("millrace-compare-");
    final Build build = new Build(here, directory.resolve("bench.jar"), Optional.of(directory));
    try {
      build.make(revision, directory.resolve("source"), maker);
      return build;
    } catch (IOException | RuntimeException e) {
      build.close();
      throw e;
    }
  }

  private void make(String revision, Path source, List<String> maker) throws IOException {
    repository.require(
        "git", "worktree", "add", "--quiet", "--detach", source.toString(), revision);
    new Shell(source).require(maker.toArray(String[]::new));
    Files.move(source.resolve(JAR), jar, StandardCopyOption.ATOMIC_MOVE);
    repository.require("git", "worktree", "remove", "--force", source.toString());
  }

  /** What was built. */
  public Path jar() {
    return jar;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      return; // this process is ending already, and the hook does it
    }
    delete();
  }

  private void deleteAtExit() {
    ChildProcess.endAll();
    delete();
  }

  private void delete() {
    try {
      if (directory.isPresent()) {
        deleteAll(directory.get());
        repository.run("git", "worktree", "prune");
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
      final ChildProcess.Outcome outcome =
          ChildProcess.run(
              new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile()));
      final String said = outcome.said().strip();
      return outcome.exitCode() == 0 ? "" : said.isEmpty() ? "no reason given" : said;
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
