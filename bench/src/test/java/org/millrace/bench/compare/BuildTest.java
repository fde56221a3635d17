package org.millrace.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revisions of a repository with one file, of which a shell makes the "jar". */
class BuildTest {
  private static final List<String> MAKER =
      List.of("sh", "-c", "mkdir -p bench/target && cp state bench/target/millrace-bench.jar");

  private final List<String> progress = new ArrayList<>();

  @TempDir private Path repository;

  @BeforeEach
  void twoRevisions() throws IOException, InterruptedException {
    git("init", "--quiet");
    commit("old");
    commit("new");
    Files.writeString(repository.resolve("state"), "changed");
  }

  private void commit(String state) throws IOException, InterruptedException {
    Files.writeString(repository.resolve("state"), state);
    git("add", "state");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", state);
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    final List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    final Process git =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    final String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
    return said;
  }

  private Build build(String revision, List<String> maker) throws IOException {
    return Build.of(revision, repository, maker, progress::add);
  }

  private void assertOneWorktree() throws IOException, InterruptedException {
    assertThat(git("worktree", "list").lines()).hasSize(1);
  }

  @Test
  void twoRevisionsAreBuiltBesideOneAnotherAndLeaveNothing()
      throws IOException, InterruptedException {
    final Path directory;
    try (Build before = build("HEAD~1", MAKER);
        Build after = build("HEAD", MAKER)) {
      assertThat(before.jar()).hasContent("old");
      assertThat(after.jar()).hasContent("new");
      assertOneWorktree();
      directory = after.jar().getParent();
    }
    assertThat(directory).doesNotExist();
    assertThat(repository.resolve("state")).hasContent("changed");
    assertThat(progress).containsExactly("building HEAD~1", "building HEAD");
  }

  @Test
  void whatDoesNotBuildSaysWhyAndLeavesNothing() throws IOException, InterruptedException {
    final Path place = repository.resolve("place");
    final List<String> broken = List.of("sh", "-c", "pwd > '" + place + "'; echo no way; exit 1");
    assertThatThrownBy(() -> build("HEAD", broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("failed: no way");
    assertThat(Path.of(Files.readString(place).strip()).getParent()).doesNotExist();
    assertOneWorktree();
  }

  @Test
  void anUnknownRevisionIsNamedAndNothingIsMade() throws IOException, InterruptedException {
    assertThatThrownBy(() -> build("no-such-revision", MAKER))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("git knows no revision no-such-revision");
    assertThat(progress).isEmpty();
    assertOneWorktree();
  }

  @Test
  void theWorkingTreeIsNotBuiltAgain() throws IOException {
    try (Build build = build(Build.WORKING_TREE, List.of("false"))) {
      assertThat(build.jar()).hasToString(System.getProperty("java.class.path"));
    }
    assertThat(progress).isEmpty();
  }
}
