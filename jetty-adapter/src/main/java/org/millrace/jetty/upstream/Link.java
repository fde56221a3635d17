package org.millrace.jetty.upstream;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.CloseCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with a next hop, made and made again. Messages go straight to the engine while it
 * is open; they wait, within bounds, while it is being made; and they are refused while there is
 * nothing to wait for.
 *
 * <h2>Threads</h2>
 *
 * Any thread sends. {@link #control} makes all decisions. A shard says that the connection has
 * opened, or is about to end, by {@code openId}, and takes out what has waited. Who finds the
 * connection closed puts a message among the waiting ones and then looks again; the shard sets
 * {@code openId} and then takes them out: one of the two sees the other. As long as a message
 * waits, later ones wait behind it, so that none overtakes another of the same sender.
 */
final class Link {
  /** What whoever has the link wants to hear of, on the control thread. */
  interface Listener {
    void opened();

    /** There is no connection, and none will come without a pause. */
    void unreachable();

    /** There was a message that cannot be sent any more. */
    void unsent(byte[] message);

    /** The link has ended for good. */
    void ended();
  }

  /**
   * The rules of a link.
   *
   * @param name for the log.
   * @param opcode that messages are sent with.
   * @param keep whether to connect again, and again, after an end.
   * @param returnsAtOnce whether to do so without a pause if the connection has lasted.
   */
  record Rules(
      String name,
      int opcode,
      int queueMessages,
      int queueBytes,
      Duration connectTimeout,
      boolean keep,
      boolean returnsAtOnce) {}

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final long NONE = 0;

  private final Rules rules;
  private final Engine engine;
  private final Control control;
  private final CoreCounters counters;
  private final Supplier<MessageHandler> handlers;
  private final Consumer<LinkAttempt> dialer;
  private final Turns turns;
  private final BackOff backOff;
  private final Listener listener;
  private final WaitingMessages waiting;
  private volatile long openId = NONE;

  /** Whether what cannot be sent now may wait. */
  private volatile boolean mayWait = true;

  // The control thread's.
  private LinkAttempt current;
  private Future<?> timer;
  private Future<?> pause;
  private boolean hasTurn;
  private boolean stopped;
  private boolean reportedUnreachable;

  Link(
      Rules rules,
      Engine engine,
      Control control,
      CoreCounters counters,
      Supplier<MessageHandler> handlers,
      Consumer<LinkAttempt> dialer,
      Turns turns,
      BackOff backOff,
      Listener listener) {
    this.rules = rules;
    this.engine = engine;
    this.control = control;
    this.counters = counters;
    this.handlers = handlers;
    this.dialer = dialer;
    this.turns = turns;
    this.backOff = backOff;
    this.listener = listener;
    waiting = new WaitingMessages(rules.queueMessages(), rules.queueBytes());
  }

  // --- any thread -------------------------------------------------------------------------------

  /** One of {@link SendResult}. */
  int send(DirectBuffer buffer, int offset, int length) {
    final long id = openId;
    if (id != NONE && waiting.isEmpty()) {
      final int result = engine.send(id, rules.opcode(), buffer, offset, length);
      if (result != SendResult.NOT_OPEN) {
        return result;
      }
    }
    return await(buffer, offset, length);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // if the connection has gone, onClosed decides
  private int await(DirectBuffer buffer, int offset, int length) {
    if (!mayWait) {
      counters.increment(CoreCounter.STREAM_UNREACHABLE);
      return SendResult.NOT_OPEN;
    }
    if (!waiting.offer(buffer, offset, length)) {
      counters.increment(CoreCounter.STREAM_QUEUE_FULL);
      return SendResult.BACK_PRESSURED;
    }
    final long id = openId;
    if (id != NONE) {
      engine.run(id, this::sendWaiting);
    } else if (!mayWait) {
      control.execute(this::giveUpWaiting);
    }
    return SendResult.SENT;
  }

  boolean isOpen() {
    return openId != NONE;
  }

  void start() {
    control.execute(this::connect);
  }

  /** Connects now if there is a pause between two attempts. */
  void hurry() {
    control.execute(this::endPause);
  }

  /** Ends the connection and makes no other. */
  void stop() {
    control.execute(this::end);
  }

  void attemptFailed(LinkAttempt attempt, Throwable why) {
    control.execute(() -> onFailed(attempt, why));
  }

  // --- the connection's shard -------------------------------------------------------------------

  long nowNs() {
    return engine.nowNs();
  }

  void opened(LinkAttempt attempt, Connection connection) {
    openId = connection.id();
    sendWaiting(connection);
    control.execute(() -> onOpened(attempt));
  }

  private void sendWaiting(Connection connection) {
    waiting.drain(
        message -> {
          final DirectBuffer buffer = new UnsafeBuffer(message);
          if (connection.send(rules.opcode(), buffer, 0, message.length) < 0) {
            control.execute(() -> unsent(message));
          }
        });
  }

  /** The connection takes no more. */
  void closing() {
    openId = NONE;
  }

  void closed(LinkAttempt attempt, ClosedEvent event, Duration open) {
    openId = NONE;
    control.execute(() -> onClosed(attempt, event, open));
  }

  // --- the control thread -----------------------------------------------------------------------

  private void connect() {
    pause = null;
    if (!stopped) {
      mayWait = true;
      turns.take(this::dial);
    }
  }

  private void endPause() {
    if (!stopped && pause != null && pause.cancel(false)) {
      connect();
    }
  }

  private void dial() {
    hasTurn = true;
    if (stopped) {
      giveTurn();
      return;
    }
    current = new LinkAttempt(this, handlers.get());
    final LinkAttempt attempt = current;
    timer =
        control.schedule(
            rules.connectTimeout(),
            () -> onFailed(attempt, new TimeoutException("not open in time")));
    dialer.accept(attempt);
  }

  private void giveTurn() {
    if (hasTurn) {
      hasTurn = false;
      turns.give();
    }
  }

  private void onOpened(LinkAttempt attempt) {
    if (attempt != current) {
      return;
    }
    timer.cancel(false);
    giveTurn();
    counters.increment(CoreCounter.STREAM_CONNECTED);
    LOG.info("core: connected with {}", rules.name());
    reportedUnreachable = false;
    listener.opened();
    if (stopped) {
      closeConnection();
    }
  }

  private void onFailed(LinkAttempt attempt, Throwable why) {
    if (attempt != current || !attempt.abandon()) {
      return;
    }
    timer.cancel(false);
    giveTurn();
    counters.increment(CoreCounter.STREAM_CONNECT_FAILED);
    pause("cannot reach " + rules.name() + ": " + why);
  }

  private void onClosed(LinkAttempt attempt, ClosedEvent event, Duration open) {
    if (attempt != current) {
      return;
    }
    counters.increment(CoreCounter.STREAM_LOST);
    final String what =
        "lost "
            + rules.name()
            + ": "
            + (event.cause() == null ? "the peer has ended it" : event.cause());
    if (backOff.afterConnection(open) && rules.returnsAtOnce() && rules.keep() && !stopped) {
      LOG.info("core: {}; connecting again", what);
      connect();
    } else {
      pause(what);
    }
  }

  /** Nobody waits any more; another attempt is made later, unless this is the end. */
  private void pause(String what) {
    mayWait = false;
    giveUpWaiting();
    current = null;
    if (stopped || !rules.keep()) {
      stopped = true;
      listener.ended();
      return;
    }
    final Duration delay = backOff.afterFailure();
    if (!reportedUnreachable) {
      reportedUnreachable = true;
      LOG.warn("core: {}; trying again and again", what);
    }
    listener.unreachable();
    pause = control.schedule(delay, this::connect);
  }

  private void giveUpWaiting() {
    if (!mayWait) {
      waiting.drain(this::unsent);
    }
  }

  private void unsent(byte[] message) {
    counters.increment(CoreCounter.STREAM_UNSENT);
    listener.unsent(message);
  }

  private void end() {
    if (stopped) {
      return;
    }
    stopped = true;
    mayWait = false;
    if (current != null && !current.abandon()) {
      closeConnection(); // of which onClosed will tell
      return;
    }
    if (timer != null) {
      timer.cancel(false);
    }
    if (pause != null) {
      pause.cancel(false);
    }
    giveTurn();
    pause("stopped");
  }

  private void closeConnection() {
    final long id = openId;
    if (id != NONE) {
      engine.close(id, CloseCode.GOING_AWAY, "");
    }
  }
}
