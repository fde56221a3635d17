package org.millrace.engine.connection;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;
import org.millrace.engine.message.MessageLimits;
import org.millrace.engine.status.SubProtocol;

/**
 * The rules for connections of one kind, a listener's path or an upstream. Set what differs from
 * the defaults, which are those of profile {@code strict}, then {@link #conclude}; from then on it
 * is immutable and may be shared by any number of connections and threads.
 */
public final class ConnectionContext {
  /** Time-outs in nanoseconds. */
  record Timeouts(long closeNs, long failNs, long lingerNs, long sendNs) {}

  private Role role = Role.SERVER;
  private IntFunction<? extends StreamFraming> framing;
  private SubProtocol subProtocol = SubProtocol.OTHER;
  private int maxMessageSize = 65_536;
  private int maxFramesPerMessage = 1024;
  private int maxReadsPerMessage = 64;
  private Duration messageTimeout = Duration.ofSeconds(30);
  private int messageMinRate = 256;
  private Duration messageMinRateGrace = Duration.ofSeconds(5);
  private boolean lenientLength = false;
  private boolean tolerateInvalidUtf8 = false;
  private KeepAliveMechanism keepAliveMechanism = KeepAliveMechanism.PING;
  private Duration keepAliveTimeout = Duration.ofSeconds(30);
  private double keepAliveJitter = 0.1;
  private Duration pongTimeout = Duration.ofSeconds(20);
  private byte[] keepAliveData;
  private int pingRate = 20;
  private int pingBurst = 60;
  private CloseReply closeReply = CloseReply.ECHO;
  private Duration closeTimeout = Duration.ofSeconds(5);
  private Duration failTimeout = Duration.ofSeconds(1);
  private Duration lingerTimeout = Duration.ofSeconds(2);
  private int lingerBytes = 65_536;
  private Duration sendTimeout = Duration.ofSeconds(10);
  private int sendQueueHighMark = 262_144;
  private int sendQueueHardLimit = 1_048_576;
  private int sendQueueMaxMessages = 4096;

  private boolean concluded;
  private FrameRules frameRules;
  private MessageLimits messageLimits;
  private KeepAlivePolicy keepAlivePolicy;
  private Timeouts timeouts;

  /**
   * Validates and freezes the settings. Once only.
   *
   * @return this.
   * @throws ConfigurationException naming the setting, its value and what would be right.
   * @throws IllegalStateException if it has been concluded before.
   */
  public ConnectionContext conclude() {
    notConcluded();
    ConnectionContextRules.check(this);
    frameRules = new FrameRules(role, maxMessageSize, maxFramesPerMessage, lenientLength);
    messageLimits =
        new MessageLimits(
            maxReadsPerMessage,
            messageTimeout.toNanos(),
            messageMinRate,
            messageMinRateGrace.toNanos());
    keepAlivePolicy = new KeepAlivePolicy(this);
    timeouts =
        new Timeouts(
            closeTimeout.toNanos(),
            failTimeout.toNanos(),
            lingerTimeout.toNanos(),
            sendTimeout.toNanos());
    concluded = true;
    return this;
  }

  private void notConcluded() {
    if (concluded) {
      throw new IllegalStateException("the context has been concluded: make a new one");
    }
  }

  FrameRules frameRules() {
    return frameRules;
  }

  MessageLimits messageLimits() {
    return messageLimits;
  }

  KeepAlivePolicy keepAlivePolicy() {
    return keepAlivePolicy;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  /** Bytes of the longest batch that may come to wait behind a blocked write. */
  public int longestBatch() {
    return SendQueue.HEADROOM + sendQueueHardLimit;
  }

  public boolean isConcluded() {
    return concluded;
  }

  /** This side's role. On a stream the client is who opened it, and who pings. */
  public ConnectionContext role(Role value) {
    notConcluded();
    role = value;
    return this;
  }

  public Role role() {
    return role;
  }

  /**
   * Makes the connections streams, whose messages are told apart by a framing instead of WebSocket
   * frames; null for a WebSocket. What is said below of frames, Close and their codes has no
   * meaning then; the end of one direction is what stands for a Close.
   *
   * @param value makes the framing of one connection, given {@link #maxMessageSize()}, on the
   *     thread that opens it.
   */
  public ConnectionContext framing(IntFunction<? extends StreamFraming> value) {
    notConcluded();
    framing = value;
    return this;
  }

  public IntFunction<? extends StreamFraming> framing() {
    return framing;
  }

  /** Whether the connections are streams, not WebSockets. */
  public boolean isStream() {
    return framing != null;
  }

  /** Whose statistics a WebSocket counts in; streams count in their own. */
  public ConnectionContext subProtocol(SubProtocol value) {
    notConcluded();
    subProtocol = value;
    return this;
  }

  public SubProtocol subProtocol() {
    return subProtocol;
  }

  /**
   * Largest message accepted, in bytes over all its frames, or of a stream with its header section,
   * 125 to 2^30. A longer one is refused on its frame header with 1009.
   */
  public ConnectionContext maxMessageSize(int value) {
    notConcluded();
    maxMessageSize = value;
    return this;
  }

  public int maxMessageSize() {
    return maxMessageSize;
  }

  /** Most frames of one message, 1 or more; more fail with 1008. */
  public ConnectionContext maxFramesPerMessage(int value) {
    notConcluded();
    maxFramesPerMessage = value;
    return this;
  }

  public int maxFramesPerMessage() {
    return maxFramesPerMessage;
  }

  /**
   * Most transport reads that one message may be spread over, 1 or more (OpenSIPS {@code
   * ws_max_msg_chunks}); more fail with 1008.
   */
  public ConnectionContext maxReadsPerMessage(int value) {
    notConcluded();
    maxReadsPerMessage = value;
    return this;
  }

  public int maxReadsPerMessage() {
    return maxReadsPerMessage;
  }

  /** Longest time from a message's first byte to its last, more than 0; then 1008. */
  public ConnectionContext messageTimeout(Duration value) {
    notConcluded();
    messageTimeout = value;
    return this;
  }

  public Duration messageTimeout() {
    return messageTimeout;
  }

  /**
   * Least bytes a second of a message under way, on the wire and on average since its first byte,
   * after {@link #messageMinRateGrace()}; 0 for none. Slower ones fail with 1008.
   */
  public ConnectionContext messageMinRate(int value) {
    notConcluded();
    messageMinRate = value;
    return this;
  }

  public int messageMinRate() {
    return messageMinRate;
  }

  /** Time before {@link #messageMinRate()} is looked at, 0 or more. */
  public ConnectionContext messageMinRateGrace(Duration value) {
    notConcluded();
    messageMinRateGrace = value;
    return this;
  }

  public Duration messageMinRateGrace() {
    return messageMinRateGrace;
  }

  /** Whether payload lengths need not be of minimal form, for OpenSIPS as a peer. */
  public ConnectionContext lenientLength(boolean value) {
    notConcluded();
    lenientLength = value;
    return this;
  }

  public boolean lenientLength() {
    return lenientLength;
  }

  /**
   * Whether text that is not UTF-8 is handed on as binary instead of failing with 1007, for
   * OpenSIPS as an upstream.
   */
  public ConnectionContext tolerateInvalidUtf8(boolean value) {
    notConcluded();
    tolerateInvalidUtf8 = value;
    return this;
  }

  public boolean tolerateInvalidUtf8() {
    return tolerateInvalidUtf8;
  }

  /**
   * What to send on an idle connection (Kamailio {@code keepalive_mechanism}). Nothing on a stream
   * in the server role, whatever is set: its client pings (RFC 5626 section 3.5.1).
   */
  public ConnectionContext keepAliveMechanism(KeepAliveMechanism value) {
    notConcluded();
    keepAliveMechanism = value;
    return this;
  }

  public KeepAliveMechanism keepAliveMechanism() {
    return keepAliveMechanism;
  }

  /**
   * Time without a received byte after which keep-alive acts, 10 ms or more (Kamailio {@code
   * keepalive_timeout}).
   */
  public ConnectionContext keepAliveTimeout(Duration value) {
    notConcluded();
    keepAliveTimeout = value;
    return this;
  }

  public Duration keepAliveTimeout() {
    return keepAliveTimeout;
  }

  /**
   * Part of the keep-alive time-out, 0 to 0.5, by which it is shortened at random, so that
   * connections opened together do not ping together.
   */
  public ConnectionContext keepAliveJitter(double value) {
    notConcluded();
    keepAliveJitter = value;
    return this;
  }

  public double keepAliveJitter() {
    return keepAliveJitter;
  }

  /**
   * Time after a keep-alive ping in which some byte must arrive, 10 ms or more; else the peer is
   * dead.
   */
  public ConnectionContext pongTimeout(Duration value) {
    notConcluded();
    pongTimeout = value;
    return this;
  }

  public Duration pongTimeout() {
    return pongTimeout;
  }

  /**
   * Payload of keep-alive pings and pongs, 1 to 125 bytes (Kamailio {@code ping_application_data});
   * null for a counter and a random number, fresh for each ping.
   */
  public ConnectionContext keepAliveData(byte[] value) {
    notConcluded();
    keepAliveData = value == null ? null : value.clone();
    return this;
  }

  public byte[] keepAliveData() {
    return keepAliveData == null ? null : keepAliveData.clone();
  }

  /** Pings a second that a peer may send in the long run, 1 or more; more fail with 1008. */
  public ConnectionContext pingRate(int value) {
    notConcluded();
    pingRate = value;
    return this;
  }

  public int pingRate() {
    return pingRate;
  }

  /** Pings that a peer may send at once, 1 or more. */
  public ConnectionContext pingBurst(int value) {
    notConcluded();
    pingBurst = value;
    return this;
  }

  public int pingBurst() {
    return pingBurst;
  }

  /** How a received Close is answered. */
  public ConnectionContext closeReply(CloseReply value) {
    notConcluded();
    closeReply = value;
    return this;
  }

  public CloseReply closeReply() {
    return closeReply;
  }

  /** Time for the peer's Close after ours, and in the client role for its end of stream. */
  public ConnectionContext closeTimeout(Duration value) {
    notConcluded();
    closeTimeout = value;
    return this;
  }

  public Duration closeTimeout() {
    return closeTimeout;
  }

  /** Time in which the Close of a failed connection must leave. */
  public ConnectionContext failTimeout(Duration value) {
    notConcluded();
    failTimeout = value;
    return this;
  }

  public Duration failTimeout() {
    return failTimeout;
  }

  /**
   * Time between the end of our direction and the end of the peer's, in which input is thrown away.
   */
  public ConnectionContext lingerTimeout(Duration value) {
    notConcluded();
    lingerTimeout = value;
    return this;
  }

  public Duration lingerTimeout() {
    return lingerTimeout;
  }

  /** Input thrown away while lingering before the transport is dropped, 0 or more bytes. */
  public ConnectionContext lingerBytes(int value) {
    notConcluded();
    lingerBytes = value;
    return this;
  }

  public int lingerBytes() {
    return lingerBytes;
  }

  /** Longest time for one write, 1 ms or more (OpenSIPS {@code ws_send_timeout}). */
  public ConnectionContext sendTimeout(Duration value) {
    notConcluded();
    sendTimeout = value;
    return this;
  }

  public Duration sendTimeout() {
    return sendTimeout;
  }

  /** Queued bytes above which {@code send} answers CONGESTED, 1 or more. */
  public ConnectionContext sendQueueHighMark(int value) {
    notConcluded();
    sendQueueHighMark = value;
    return this;
  }

  public int sendQueueHighMark() {
    return sendQueueHighMark;
  }

  /** Queued bytes above which the connection is closed with 1008, 256 to 2^29. */
  public ConnectionContext sendQueueHardLimit(int value) {
    notConcluded();
    sendQueueHardLimit = value;
    return this;
  }

  public int sendQueueHardLimit() {
    return sendQueueHardLimit;
  }

  /** Queued messages above which the connection is closed with 1008, 1 or more. */
  public ConnectionContext sendQueueMaxMessages(int value) {
    notConcluded();
    sendQueueMaxMessages = value;
    return this;
  }

  public int sendQueueMaxMessages() {
    return sendQueueMaxMessages;
  }

  /** All settings, one a line. */
  @Override
  public String toString() {
    return """
        ConnectionContext{
          role=%s
          framing=%s
          subProtocol=%s
          maxMessageSize=%s
          maxFramesPerMessage=%s
          maxReadsPerMessage=%s
          messageTimeout=%s
          messageMinRate=%s
          messageMinRateGrace=%s
          lenientLength=%s
          tolerateInvalidUtf8=%s
          keepAliveMechanism=%s
          keepAliveTimeout=%s
          keepAliveJitter=%s
          pongTimeout=%s
          keepAliveData=%s
          pingRate=%s
          pingBurst=%s
          closeReply=%s
          closeTimeout=%s
          failTimeout=%s
          lingerTimeout=%s
          lingerBytes=%s
          sendTimeout=%s
          sendQueueHighMark=%s
          sendQueueHardLimit=%s
          sendQueueMaxMessages=%s
        }"""
        .formatted(
            role,
            framing,
            subProtocol,
            maxMessageSize,
            maxFramesPerMessage,
            maxReadsPerMessage,
            messageTimeout,
            messageMinRate,
            messageMinRateGrace,
            lenientLength,
            tolerateInvalidUtf8,
            keepAliveMechanism,
            keepAliveTimeout,
            keepAliveJitter,
            pongTimeout,
            Arrays.toString(keepAliveData),
            pingRate,
            pingBurst,
            closeReply,
            closeTimeout,
            failTimeout,
            lingerTimeout,
            lingerBytes,
            sendTimeout,
            sendQueueHighMark,
            sendQueueHardLimit,
            sendQueueMaxMessages);
  }
}
