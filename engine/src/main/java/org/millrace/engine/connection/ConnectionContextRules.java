package org.millrace.engine.connection;

import static org.millrace.engine.connection.ConfigurationException.atLeast;
import static org.millrace.engine.connection.ConfigurationException.inRange;

import java.time.Duration;
import org.millrace.engine.frame.FrameLayout;
import org.millrace.engine.frame.FrameRules;

/** What the settings of a {@link ConnectionContext} may be, alone and together. */
final class ConnectionContextRules {
  private ConnectionContextRules() {}

  static void check(ConnectionContext context) {
    required("role", context.role());
    required("subProtocol", context.subProtocol());
    required("keepAliveMechanism", context.keepAliveMechanism());
    required("closeReply", context.closeReply());
    validateMessages(context);
    validateKeepAlive(context);
    validateClosing(context);
    validateSending(context);
  }

  private static void validateMessages(ConnectionContext context) {
    inRange(
        "maxMessageSize",
        context.maxMessageSize(),
        FrameLayout.MAX_SHORT_PAYLOAD,
        FrameRules.LARGEST_MESSAGE_SIZE);
    atLeast("maxFramesPerMessage", context.maxFramesPerMessage(), 1);
    atLeast("maxReadsPerMessage", context.maxReadsPerMessage(), 1);
    atLeast("messageTimeout", context.messageTimeout(), Duration.ofMillis(1));
    atLeast("messageMinRate", context.messageMinRate(), 0);
    atLeast("messageMinRateGrace", context.messageMinRateGrace(), Duration.ZERO);
    ConfigurationException.require(
        context.messageMinRateGrace().compareTo(context.messageTimeout()) <= 0,
        "messageMinRateGrace",
        context.messageMinRateGrace(),
        "must not be longer than messageTimeout=" + context.messageTimeout());
  }

  private static void validateKeepAlive(ConnectionContext context) {
    atLeast("keepAliveTimeout", context.keepAliveTimeout(), Duration.ofMillis(10));
    atLeast("pongTimeout", context.pongTimeout(), Duration.ofMillis(10));
    ConfigurationException.require(
        context.keepAliveJitter() >= 0 && context.keepAliveJitter() <= 0.5,
        "keepAliveJitter",
        context.keepAliveJitter(),
        "must be 0 to 0.5, a part of keepAliveTimeout");
    ConfigurationException.require(
        context.keepAliveData() == null
            || (context.keepAliveData().length >= 1
                && context.keepAliveData().length <= FrameLayout.MAX_SHORT_PAYLOAD),
        "keepAliveData.length",
        context.keepAliveData() == null ? 0 : context.keepAliveData().length,
        "must be 1 to " + FrameLayout.MAX_SHORT_PAYLOAD + " bytes, or not set");
    atLeast("pingRate", context.pingRate(), 1);
    atLeast("pingBurst", context.pingBurst(), 1);
  }

  private static void validateClosing(ConnectionContext context) {
    atLeast("closeTimeout", context.closeTimeout(), Duration.ofMillis(1));
    atLeast("failTimeout", context.failTimeout(), Duration.ofMillis(1));
    atLeast("lingerTimeout", context.lingerTimeout(), Duration.ofMillis(1));
    atLeast("lingerBytes", context.lingerBytes(), 0);
  }

  private static void validateSending(ConnectionContext context) {
    atLeast("sendTimeout", context.sendTimeout(), Duration.ofMillis(1));
    inRange("sendQueueHardLimit", context.sendQueueHardLimit(), 256, 1 << 29);
    atLeast("sendQueueHighMark", context.sendQueueHighMark(), 1);
    ConfigurationException.require(
        context.sendQueueHighMark() <= context.sendQueueHardLimit(),
        "sendQueueHighMark",
        context.sendQueueHighMark(),
        "must not be above sendQueueHardLimit=" + context.sendQueueHardLimit());
    atLeast("sendQueueMaxMessages", context.sendQueueMaxMessages(), 1);
  }

  private static void required(String name, Object value) {
    ConfigurationException.require(value != null, name, null, "must be set");
  }
}
