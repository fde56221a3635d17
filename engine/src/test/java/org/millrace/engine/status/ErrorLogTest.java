package org.millrace.engine.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** One entry for each distinct error, however often it comes. */
class ErrorLogTest {
  private final AtomicLong nowMs = new AtomicLong(1_000);

  private record Entry(int count, long first, long last, String error) {}

  private static List<Entry> entries(ErrorLog log) {
    final List<Entry> entries = new ArrayList<>();
    final int distinct =
        log.read((count, first, last, error) -> entries.add(new Entry(count, first, last, error)));
    assertThat(distinct).isEqualTo(entries.size());
    return entries;
  }

  private ErrorLog log(int length) {
    return new ErrorLog(length, nowMs::get);
  }

  @Test
  void theSameErrorIsOneEntryWithACountAndTimes() {
    final ErrorLog log = log(64 * 1024);
    for (int i = 0; i < 5; i++) {
      nowMs.addAndGet(10);
      log.onError(new IllegalStateException("again"));
    }
    assertThat(log.observations()).isEqualTo(5);
    final List<Entry> entries = entries(log);
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).count()).isEqualTo(5);
    assertThat(entries.get(0).first()).isEqualTo(1_010);
    assertThat(entries.get(0).last()).isEqualTo(1_050);
    assertThat(entries.get(0).error()).contains("IllegalStateException: again", "ErrorLogTest");
  }

  @Test
  void errorsFromDifferentPlacesAreDifferent() {
    final ErrorLog log = log(64 * 1024);
    log.onError(new IllegalStateException("here"));
    log.onError(new IllegalStateException("and here"));
    log.onError(new IllegalArgumentException("there"));
    assertThat(entries(log)).hasSize(3).allMatch(entry -> entry.count() == 1);
  }

  @Test
  void startsEmpty() {
    assertThat(entries(log(4_096))).isEmpty();
    assertThat(log(4_096).observations()).isZero();
  }

  @Test
  void aFullLogSaysSoOnceAndGoesOnCounting() {
    final List<LogRecord> logged = new ArrayList<>();
    final Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            logged.add(entry);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    final Logger logger = Logger.getLogger(ErrorLog.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      final ErrorLog log = log(4_096);
      for (int i = 0; i < 200; i++) {
        log.onError(distinct(i));
      }
      final int kept = entries(log).size();
      assertThat(kept).isBetween(1, 199);
      assertThat(logged).as("one line, not one for each").hasSize(1);
      assertThat(logged).allMatch(entry -> entry.getThrown() != null);
      assertThat(log.observations()).isEqualTo(200);
      // An error that has its entry already still finds it.
      log.onError(distinct(0));
      assertThat(entries(log).get(0).count()).isEqualTo(2);
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(handler);
    }
  }

  /** An error with a stack of its own. */
  private static Throwable distinct(int number) {
    final Throwable error = new IllegalStateException("number " + number);
    error.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("Some", "method", "Some.java", number)});
    return error;
  }

  /** Whoever records an error must not be thrown at by it. */
  @Test
  void anErrorThatCannotBePrintedIsCounted() {
    final ErrorLog log = log(64 * 1024);
    log.onError(new Unprintable());
    assertThat(log.observations()).isOne();
    log.onError(new IllegalStateException("printable"));
    assertThat(log.observations()).isEqualTo(2);
  }

  private static final class Unprintable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  @Test
  void severalThreadsLoseNothing() throws InterruptedException {
    final ErrorLog log = log(1 << 20);
    final List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  log.onError(distinct(i % 10));
                }
              }));
    }
    threads.forEach(Thread::start);
    for (final Thread thread : threads) {
      thread.join();
    }
    assertThat(log.observations()).isEqualTo(4_000);
    assertThat(entries(log)).hasSize(10);
    assertThat(entries(log).stream().mapToInt(Entry::count).sum()).isEqualTo(4_000);
  }
}
