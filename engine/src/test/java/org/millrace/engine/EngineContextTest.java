package org.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.harness.CheckedEngine;

/** Settings of an engine: what cannot be is refused by name, value and what would be right. */
class EngineContextTest {
  private static Arguments bad(
      UnaryOperator<EngineContext> setting, String nameAndValue, String expected) {
    return Arguments.of(setting, nameAndValue, expected);
  }

  private static Stream<Arguments> badSettings() {
    return Stream.of(
        bad(c -> c.threadingMode(null), "threadingMode=null", "must be set"),
        bad(c -> c.shards(0), "shards=0", "1 to 256"),
        bad(c -> c.shards(-1), "shards=-1", "1 to 256"),
        bad(c -> c.shards(257), "shards=257", "1 to 256"),
        bad(c -> c.maxConnections(0), "maxConnections=0", "at least one"),
        bad(c -> c.shards(4).maxConnections(3), "maxConnections=3", "4 shards"),
        bad(
            c -> c.shards(1).maxConnections((1 << 24) + 1),
            "maxConnections=16777217",
            "at most 16777216"),
        bad(c -> c.ringCapacity(0), "ringCapacity=0", "nearest is 65536"),
        bad(c -> c.ringCapacity(-65_536), "ringCapacity=-65536", "nearest is 65536"),
        bad(c -> c.ringCapacity(100_000), "ringCapacity=100000", "nearest is 131072"),
        bad(c -> c.ringCapacity(70_000), "ringCapacity=70000", "nearest is 65536"),
        bad(c -> c.ringCapacity(1_000), "ringCapacity=1000", "nearest is 65536"),
        bad(c -> c.ringCapacity((1 << 30) + 1), "ringCapacity=1073741825", "nearest is 1073741824"),
        bad(c -> c.ringCapacity(Integer.MAX_VALUE), "ringCapacity=2147483647", "1073741824"),
        bad(c -> c.ringCapacity(32_768), "ringCapacity=32768", "65536 to 1073741824"),
        bad(c -> c.recordsPerCycle(0), "recordsPerCycle=0", "1 or more"),
        bad(c -> c.signalsPerCycle(0), "signalsPerCycle=0", "1 or more"),
        bad(c -> c.timersPerCycle(0), "timersPerCycle=0", "1 or more"),
        bad(c -> c.shards(2).bufferMemoryLimit(131_071), "bufferMemoryLimit=131071", "131072"),
        bad(c -> c.bufferMemoryLimit(-1), "bufferMemoryLimit=-1", "or more"),
        bad(c -> c.bufferMemoryRetained(-1), "bufferMemoryRetained=-1", "0 or more"),
        bad(
            c -> c.bufferMemoryLimit(1 << 20).bufferMemoryRetained((1 << 20) + 1),
            "bufferMemoryRetained=1048577",
            "bufferMemoryLimit=1048576"),
        bad(c -> c.idleSpins(-1), "idleSpins=-1", "0 or more"),
        bad(c -> c.cycleThreshold(Duration.ZERO), "cycleThreshold=PT0S", "PT0.001S"),
        bad(c -> c.cycleThreshold(null), "cycleThreshold=null", "PT0.001S"),
        bad(c -> c.stopTimeout(Duration.ofSeconds(-1)), "stopTimeout=PT-1S", "PT0.001S"),
        bad(c -> c.stopTimeout(Duration.ofDays(366)), "stopTimeout=PT8784H", "PT8760H"),
        bad(c -> c.stopTimeout(null), "stopTimeout=null", "PT0.001S"),
        bad(c -> c.errorLogLength(4_095), "errorLogLength=4095", "4096 or more"),
        bad(c -> c.nanoClock(null), "nanoClock=null", "must be set"),
        bad(c -> c.epochClock(null), "epochClock=null", "must be set"),
        bad(c -> c.listener(null), "listener=null", "must be set"),
        bad(c -> c.maskingKeys(null), "maskingKeys=null", "must be set"),
        bad(c -> c.threadFactory(null), "threadFactory=null", "must be set"));
  }

  @ParameterizedTest
  @MethodSource("badSettings")
  void refusesByNameValueAndWhatWouldBeRight(
      UnaryOperator<EngineContext> setting, String nameAndValue, String expected) {
    final EngineContext context = setting.apply(new EngineContext());
    assertThatThrownBy(context::conclude)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(nameAndValue)
        .hasMessageContaining(expected);
  }

  @Test
  void launchConcludes() {
    assertThatThrownBy(() -> Engine.launch(new EngineContext().shards(0)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shards=0");
  }

  @Test
  void takesTheLimitsThemselves() {
    new EngineContext()
        .shards(256)
        .maxConnections(256)
        .ringCapacity(65_536)
        .recordsPerCycle(1)
        .signalsPerCycle(1)
        .timersPerCycle(1)
        .bufferMemoryLimit(256L * 65_536)
        .bufferMemoryRetained(256L * 65_536)
        .idleSpins(0)
        .cycleThreshold(Duration.ofMillis(1))
        .stopTimeout(Duration.ofMillis(1))
        .errorLogLength(4_096)
        .conclude();
  }

  /** The least of everything still makes an engine that runs. */
  @Test
  void theLeastSettingsRun() {
    try (CheckedEngine engine =
        new CheckedEngine(
            new EngineContext()
                .maxConnections(1)
                .ringCapacity(65_536)
                .recordsPerCycle(1)
                .signalsPerCycle(1)
                .timersPerCycle(1)
                .bufferMemoryRetained(0)
                .errorLogLength(4_096))) {
      final var peer = engine.open();
      peer.send("a");
      peer.send("b");
      assertThat(peer.hears()).containsExactly("TEXT a", "TEXT b");
      engine.advanceMillis(35_000);
      assertThat(peer.hears()).hasSize(1);
    }
  }

  @Test
  void concludesOnceOnly() {
    final EngineContext context = new EngineContext();
    assertThat(context.conclude()).isSameAs(context);
    assertThatThrownBy(context::conclude).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Engine.launch(context)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aContextThatWasRefusedCanBeCorrected() {
    final EngineContext context = new EngineContext().shards(0);
    assertThatThrownBy(context::conclude).isInstanceOf(ConfigurationException.class);
    context.shards(1).conclude();
  }

  @Test
  void noSetterWorksAfterwards() throws ReflectiveOperationException {
    final EngineContext context = new EngineContext().conclude();
    final List<Method> setters = setters();
    assertThat(setters).hasSizeGreaterThan(15);
    for (final Method setter : setters) {
      final Object value = EngineContext.class.getMethod(setter.getName()).invoke(context);
      assertThatThrownBy(() -> setter.invoke(context, value))
          .as(setter.getName())
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theDumpHasEverySetting() throws ReflectiveOperationException {
    final EngineContext context = new EngineContext().shards(3).ringCapacity(1 << 20).seed(4711);
    for (final Method setter : setters()) {
      final Object value = EngineContext.class.getMethod(setter.getName()).invoke(context);
      assertThat(context.toString()).contains(setter.getName() + "=" + value);
    }
  }

  /** Found by their shape, so that none is forgotten. */
  private static List<Method> setters() {
    return Stream.of(EngineContext.class.getMethods())
        .filter(method -> method.getReturnType() == EngineContext.class)
        .filter(method -> method.getParameterCount() == 1)
        .toList();
  }
}
