package org.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison that is ended from outside, in a process of its own. */
class InterruptedBuildTest {
  private static final long LONGEST_NS = Duration.ofMinutes(1).toNanos();

  @TempDir private Path repository;

  /** The process that is ended: builds the revision of a repository with a maker. */
  static final class Comparer {
    private Comparer() {}

    public static void main(String[] args) throws IOException {
      Build.of("HEAD", Path.of(args[0]), List.of("sh", "-c", args[1]), line -> {}).close();
    }
  }

  @Test
  void neitherProcessNorDirectoryIsLeft() throws IOException, InterruptedException {
    run("git", "init", "--quiet");
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a", "--allow-empty");
    final Path maker = repository.resolve("maker");
    final Process comparer =
        start(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Comparer.class.getName(),
            repository.toString(),
            "sleep 600 & echo $! $PWD > '%1$s.new'; mv '%1$s.new' '%1$s'; wait".formatted(maker));
    final long startNs = System.nanoTime();
    while (!Files.exists(maker)) {
      assertThat(comparer.isAlive()).isTrue();
      assertThat(System.nanoTime() - startNs).isLessThan(LONGEST_NS);
      LockSupport.parkNanos(1_000_000);
    }
    final String[] told = Files.readString(maker).strip().split(" ", 2);
    comparer.destroy();
    assertThat(comparer.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(ProcessHandle.of(Long.parseLong(told[0])).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(Path.of(told[1]).getParent()).doesNotExist();
    assertThat(repository.resolve(".git").resolve("worktrees"))
        .satisfiesAnyOf(
            worktrees -> assertThat(worktrees).doesNotExist(),
            worktrees -> assertThat(worktrees).isEmptyDirectory());
  }

  private void run(String... command) throws IOException, InterruptedException {
    assertThat(start(command).waitFor()).isZero();
  }

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(repository.toFile())
        .redirectErrorStream(true)
        .redirectOutput(new File("/dev/null"))
        .start();
  }
}
