package org.millrace.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.harness.CheckedEngine;
import org.millrace.engine.harness.Frames;
import org.millrace.engine.harness.Peer;

/** Settings of a connection: what cannot be is refused by name, value and what would be right. */
class ConnectionContextTest {
  private static final Duration TOO_LONG = Duration.ofDays(366);

  private static Arguments bad(
      UnaryOperator<ConnectionContext> setting, String nameAndValue, String expected) {
    return Arguments.of(setting, nameAndValue, expected);
  }

  private static Stream<Arguments> badSettings() {
    return Stream.of(
        bad(c -> c.maxMessageSize(124), "maxMessageSize=124", "125 to 1073741824"),
        bad(c -> c.maxMessageSize(-1), "maxMessageSize=-1", "125 to"),
        bad(c -> c.maxMessageSize((1 << 30) + 1), "maxMessageSize=1073741825", "1073741824"),
        bad(c -> c.maxFramesPerMessage(0), "maxFramesPerMessage=0", "1 or more"),
        bad(c -> c.maxReadsPerMessage(0), "maxReadsPerMessage=0", "1 or more"),
        bad(c -> c.messageTimeout(Duration.ZERO), "messageTimeout=PT0S", "PT0.001S"),
        bad(c -> c.messageTimeout(TOO_LONG), "messageTimeout=PT8784H", "PT8760H"),
        bad(c -> c.messageMinRate(-1), "messageMinRate=-1", "0 or more"),
        bad(
            c -> c.messageMinRateGrace(Duration.ofSeconds(-1)),
            "messageMinRateGrace=PT-1S",
            "PT0S"),
        bad(
            c -> c.messageTimeout(Duration.ofSeconds(5)).messageMinRateGrace(Duration.ofSeconds(6)),
            "messageMinRateGrace=PT6S",
            "messageTimeout=PT5S"),
        bad(c -> c.keepAliveTimeout(Duration.ofMillis(9)), "keepAliveTimeout=PT0.009S", "PT0.01S"),
        bad(c -> c.pongTimeout(Duration.ofMillis(9)), "pongTimeout=PT0.009S", "PT0.01S"),
        bad(c -> c.keepAliveJitter(-0.1), "keepAliveJitter=-0.1", "0 to 0.5"),
        bad(c -> c.keepAliveJitter(0.51), "keepAliveJitter=0.51", "0 to 0.5"),
        bad(c -> c.keepAliveJitter(Double.NaN), "keepAliveJitter=NaN", "0 to 0.5"),
        bad(c -> c.keepAliveData(new byte[0]), "keepAliveData", "1 to 125"),
        bad(c -> c.keepAliveData(new byte[126]), "keepAliveData", "1 to 125"),
        bad(c -> c.pingRate(0), "pingRate=0", "1 or more"),
        bad(c -> c.pingBurst(0), "pingBurst=0", "1 or more"),
        bad(c -> c.closeTimeout(Duration.ZERO), "closeTimeout=PT0S", "PT0.001S"),
        bad(c -> c.failTimeout(Duration.ZERO), "failTimeout=PT0S", "PT0.001S"),
        bad(c -> c.lingerTimeout(Duration.ZERO), "lingerTimeout=PT0S", "PT0.001S"),
        bad(c -> c.lingerBytes(-1), "lingerBytes=-1", "0 or more"),
        bad(c -> c.sendTimeout(Duration.ZERO), "sendTimeout=PT0S", "PT0.001S"),
        bad(c -> c.sendQueueHardLimit(255), "sendQueueHardLimit=255", "256 to 536870912"),
        bad(
            c -> c.sendQueueHardLimit((1 << 29) + 1),
            "sendQueueHardLimit=536870913",
            "256 to 536870912"),
        bad(c -> c.sendQueueHighMark(0), "sendQueueHighMark=0", "1 or more"),
        bad(
            c -> c.sendQueueHighMark(2_000).sendQueueHardLimit(1_000),
            "sendQueueHighMark=2000",
            "sendQueueHardLimit=1000"),
        bad(c -> c.sendQueueMaxMessages(0), "sendQueueMaxMessages=0", "1 or more"));
  }

  private static Stream<Arguments> missingSettings() {
    return Stream.of(
        bad(c -> c.role(null), "role=null", "must"),
        bad(c -> c.subProtocol(null), "subProtocol=null", "must"),
        bad(c -> c.messageTimeout(null), "messageTimeout=null", "must"),
        bad(c -> c.messageMinRateGrace(null), "messageMinRateGrace=null", "must"),
        bad(c -> c.keepAliveMechanism(null), "keepAliveMechanism=null", "must"),
        bad(c -> c.keepAliveTimeout(null), "keepAliveTimeout=null", "must"),
        bad(c -> c.pongTimeout(null), "pongTimeout=null", "must"),
        bad(c -> c.closeReply(null), "closeReply=null", "must"),
        bad(c -> c.closeTimeout(null), "closeTimeout=null", "must"),
        bad(c -> c.failTimeout(null), "failTimeout=null", "must"),
        bad(c -> c.lingerTimeout(null), "lingerTimeout=null", "must"),
        bad(c -> c.sendTimeout(null), "sendTimeout=null", "must"));
  }

  @ParameterizedTest
  @MethodSource({"badSettings", "missingSettings"})
  void refusesByNameValueAndWhatWouldBeRight(
      UnaryOperator<ConnectionContext> setting, String nameAndValue, String expected) {
    final ConnectionContext context = setting.apply(new ConnectionContext());
    assertThatThrownBy(context::conclude)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(nameAndValue)
        .hasMessageContaining(expected);
    assertThat(context.isConcluded()).isFalse();
  }

  @Test
  void takesTheLimitsThemselves() {
    new ConnectionContext()
        .maxMessageSize(125)
        .maxFramesPerMessage(1)
        .maxReadsPerMessage(1)
        .messageTimeout(Duration.ofMillis(1))
        .messageMinRate(0)
        .messageMinRateGrace(Duration.ZERO)
        .keepAliveTimeout(Duration.ofMillis(10))
        .keepAliveJitter(0.5)
        .pongTimeout(Duration.ofMillis(10))
        .keepAliveData(new byte[125])
        .pingRate(1)
        .pingBurst(1)
        .closeTimeout(Duration.ofMillis(1))
        .failTimeout(Duration.ofMillis(1))
        .lingerTimeout(Duration.ofMillis(1))
        .lingerBytes(0)
        .sendTimeout(Duration.ofMillis(1))
        .sendQueueHighMark(1)
        .sendQueueHardLimit(256)
        .sendQueueMaxMessages(1)
        .conclude();
    new ConnectionContext()
        .maxMessageSize(1 << 30)
        .maxFramesPerMessage(Integer.MAX_VALUE)
        .maxReadsPerMessage(Integer.MAX_VALUE)
        .messageTimeout(Duration.ofDays(365))
        .messageMinRate(Integer.MAX_VALUE)
        .keepAliveTimeout(Duration.ofDays(365))
        .pongTimeout(Duration.ofDays(365))
        .pingRate(Integer.MAX_VALUE)
        .pingBurst(Integer.MAX_VALUE)
        .lingerBytes(Integer.MAX_VALUE)
        .sendQueueHighMark(1 << 29)
        .sendQueueHardLimit(1 << 29)
        .sendQueueMaxMessages(Integer.MAX_VALUE)
        .conclude();
  }

  /** Limits that mean "as good as none" must not overflow into "none at all" or "at once". */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLargestSettingsWork(boolean slow) {
    try (CheckedEngine engine = new CheckedEngine()) {
      final Peer peer =
          engine.open(
              new ConnectionContext()
                  .maxFramesPerMessage(Integer.MAX_VALUE)
                  .maxReadsPerMessage(Integer.MAX_VALUE)
                  .messageTimeout(Duration.ofDays(365))
                  .messageMinRate(slow ? 0 : 1)
                  .messageMinRateGrace(Duration.ofDays(365))
                  .keepAliveTimeout(Duration.ofDays(365))
                  .pongTimeout(Duration.ofDays(365))
                  .closeTimeout(Duration.ofDays(365))
                  .failTimeout(Duration.ofDays(365))
                  .lingerTimeout(Duration.ofDays(365))
                  .lingerBytes(Integer.MAX_VALUE)
                  .sendTimeout(Duration.ofDays(365))
                  .pingRate(1)
                  .pingBurst(Integer.MAX_VALUE)
                  .sendQueueMaxMessages(Integer.MAX_VALUE));
      peer.says(Frames.text("half").notFinal());
      for (int i = 0; i < 200; i++) {
        peer.says(Frames.ping(""));
      }
      engine.advanceMillis(60_000);
      assertThat(peer.hears()).hasSize(200);
      peer.says(Frames.illegal());
      assertThat(peer.hears()).containsExactly("CLOSE 1002");
      for (int i = 0; i < 100; i++) {
        peer.wire().deliver(new byte[10_000]);
        engine.step();
      }
      engine.advanceMillis(60_000);
      peer.assertOpen();
    }
  }

  @Test
  void concludesOnceOnly() {
    final ConnectionContext context = new ConnectionContext();
    assertThat(context.isConcluded()).isFalse();
    assertThat(context.conclude()).isSameAs(context);
    assertThat(context.isConcluded()).isTrue();
    assertThatThrownBy(context::conclude).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aContextThatWasRefusedCanBeCorrected() {
    final ConnectionContext context = new ConnectionContext().pingRate(0);
    assertThatThrownBy(context::conclude).isInstanceOf(ConfigurationException.class);
    context.pingRate(1).conclude();
  }

  @Test
  void noSetterWorksAfterwards() throws ReflectiveOperationException {
    final ConnectionContext context = new ConnectionContext().conclude();
    assertThat(setters()).hasSizeGreaterThan(20);
    for (final Method setter : setters()) {
      final Object value = ConnectionContext.class.getMethod(setter.getName()).invoke(context);
      assertThatThrownBy(() -> setter.invoke(context, value))
          .as(setter.getName())
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theDumpHasEverySetting() throws ReflectiveOperationException {
    final ConnectionContext context =
        new ConnectionContext().keepAliveData(new byte[] {1, 2}).pingRate(77);
    for (final Method setter : setters()) {
      final Object value = ConnectionContext.class.getMethod(setter.getName()).invoke(context);
      final String shown =
          value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
      assertThat(context.toString()).contains(setter.getName() + "=" + shown);
    }
  }

  @Test
  void keepAliveDataCannotBeChangedFromOutside() {
    final byte[] data = {1, 2, 3};
    final ConnectionContext context = new ConnectionContext().keepAliveData(data).conclude();
    data[0] = 9;
    context.keepAliveData()[1] = 9;
    assertThat(context.keepAliveData()).containsExactly(1, 2, 3);
  }

  /** DESIGN section 6: profile strict is ours. */
  @Test
  void defaultsAreThoseOfProfileStrict() {
    final ConnectionContext context = new ConnectionContext().conclude();
    assertThat(context.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(context.sendTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(context.maxReadsPerMessage()).isEqualTo(64);
    assertThat(context.maxMessageSize()).isEqualTo(65_536);
    assertThat(context.maxFramesPerMessage()).isEqualTo(1_024);
    assertThat(context.closeTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(context.failTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(context.lingerTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(context.lingerBytes()).isEqualTo(65_536);
    assertThat(context.pingRate()).isEqualTo(20);
    assertThat(context.pingBurst()).isEqualTo(60);
  }

  private static List<Method> setters() {
    return Stream.of(ConnectionContext.class.getMethods())
        .filter(method -> method.getReturnType() == ConnectionContext.class)
        .filter(method -> method.getParameterCount() == 1)
        .toList();
  }
}
