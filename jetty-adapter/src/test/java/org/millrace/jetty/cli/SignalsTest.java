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
    new ProcessBuilder("kill", "-CONT", Long.toString(ProcessHandle.current().pid()))
        .start()
        .waitFor();
    assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldDoWithoutASignalThatThisSystemDoesNotHave() {
    assertThatCode(() -> Signals.ofProcess().on("NOSUCH", () -> {})).doesNotThrowAnyException();
  }
}
