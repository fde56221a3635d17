package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest extends HandshakeTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("org.millrace.handshake");
  private final Level level = logger.getLevel();
  private final boolean additive = logger.isAdditive();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(level);
    logger.setAdditive(additive);
  }

  private List<String> logged() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void oneLineSaysWhoAndWhy() {
    answer(Requests.base().line("GET /nope?token=hunter2 HTTP/1.1"));
    assertThat(logged()).hasSize(1);
    assertThat(logged().get(0))
        .matches(
            "refused address=127\\.0\\.0\\.1 port=\\d+ listener=public path=/nope status=404"
                + " reason=path");
  }

  @Test
  void nothingThatAClientSendsBreaksALine() {
    final Requests request =
        Requests.base()
            .line("GET /ws?password=hunter2 HTTP/1.1")
            .with("Origin", "https://a\" refused address=6.6.6.6\t\u0085" + "x".repeat(300))
            .plus("Authorization: Basic c2VjcmV0");
    answer(request);
    assertThat(logged()).hasSize(1);
    final String line = logged().get(0);
    assertThat(line)
        .contains("reason=origin ", "detail=\"https://a? refused")
        .doesNotContain("hunter2", "c2VjcmV0")
        .hasSizeLessThan(300);
    assertThat(line.chars()).allMatch(c -> c >= ' ' && c <= '~');
  }

  @Test
  void aFloodIsCountedInsteadOfLogged() {
    final AtomicLong now = new AtomicLong();
    final RefusalLog log = new RefusalLog(5, now::get);
    final Refusal refusal = new Refusal(404, RefusalReason.PATH);
    for (int i = 0; i < 1000; i++) {
      log.refused("public", null, null, Optional.empty(), refusal);
    }
    assertThat(logged()).hasSize(10);
    assertThat(log.suppressed()).isEqualTo(990);
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    log.refused("public", null, null, Optional.empty(), refusal);
    assertThat(logged()).hasSize(12).contains("suppressed lines=990");
    assertThat(log.suppressed()).isZero();
  }
}
