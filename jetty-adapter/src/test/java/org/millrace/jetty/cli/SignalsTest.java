package org.millrace.jetty.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Signals of this very process. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SignalsTest {
  @Test
  void shouldHearASignal() throws Exception {
    final CountDownLatch heard = new CountDownLatch(1);
    Signals.ofProcess().on("CONT", heard::countDown);
    // The shell's own: not every system has a program of that name.
    assertThat(
            new ProcessBuilder("sh", "-c", "kill -CONT " + ProcessHandle.current().pid())
                .start()
                .waitFor())
        .isZero();
    assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldDoWithoutASignalThatThisSystemDoesNotHave() {
    assertThatCode(() -> Signals.ofProcess().on("NOSUCH", () -> {})).doesNotThrowAnyException();
  }
}
