package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.Engine;
import org.millrace.engine.status.EngineCounter;
import org.millrace.jetty.harness.Bounded;
import org.millrace.jetty.harness.Swarm;
import org.millrace.jetty.harness.TestEdge;

/**
 * Twenty thousand connections in waves, ended in every way there is: each that opened closes once,
 * and nothing is left of any.
 */
@Tag("slow")
class EdgeKillTest {
  private static final int WAVES = 5;
  private static final int WAVE = 4_000;

  /** Pools of Jetty and of the engine keep some buffers; what leaks grows with every wave. */
  private static final long SLACK_BYTES = 16L << 20;

  private static final int SLACK_DESCRIPTORS = 32;
  private static final int WAIT_S = 120;

  @TempDir private Path directory;

  @Test
  void everyConnectionThatOpenedClosesOnceAndNothingIsLeft() throws Exception {
    try (TestEdge edge =
        new TestEdge(
            directory,
            "handshake.timeout",
            "10 s",
            "connection.keep-alive-mechanism",
            "ping",
            "connection.keep-alive-timeout",
            "5 s",
            "connection.pong-timeout",
            "5 s",
            "limits.connections",
            "10000")) {
      final Swarm swarm = new Swarm(edge.ws(), edge.wss(), 42);
      sendWave(edge, swarm); // fills pools and loads classes
      final long mostDescriptors = descriptors() + SLACK_DESCRIPTORS;
      final long mostBytes = directBytes() + SLACK_BYTES;
      for (int i = 1; i < WAVES; i++) {
        sendWave(edge, swarm);
      }
      awaitAtMost(mostDescriptors, "descriptors", EdgeKillTest::descriptors);
      awaitAtMost(mostBytes, "direct bytes", EdgeKillTest::directBytes);
      assertTablesEmpty(edge);
    }
  }

  private static void sendWave(TestEdge edge, Swarm swarm) throws IOException {
    swarm.wave(WAVE);
    awaitNoConnections(edge);
    assertThat(edge.events().opened()).isEqualTo(swarm.upgraded());
    assertThat(edge.events().closed()).isEqualTo(edge.events().opened());
  }

  private static void awaitNoConnections(TestEdge edge) {
    awaitZero("sockets", () -> edge.edge().connections());
    final Engine engine = edge.edge().engine();
    awaitZero("connections", () -> engine.counter(EngineCounter.CURRENT_CONNECTIONS));
    awaitZero(
        "closed events to come", () -> edge.events().opened() - (long) edge.events().closed());
  }

  private static void assertTablesEmpty(TestEdge edge) {
    final Engine engine = edge.edge().engine();
    awaitZero("pooled bytes", () -> engine.counter(EngineCounter.POOLED_BYTES_IN_USE));
    assertThat(edge.edge().core().flowCount()).isZero();
    assertThat(engine.errorLog().observations()).isZero();
  }

  private static void awaitZero(String what, LongSupplier value) {
    awaitAtMost(0, what, value);
  }

  /** Selectors and the collector give back what is closed in their own time. */
  private static void awaitAtMost(long most, String what, LongSupplier value) {
    Bounded.await(WAIT_S, "at most " + most + " " + what, () -> value.getAsLong() <= most);
  }

  private static long descriptors() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long directBytes() {
    System.gc();
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
