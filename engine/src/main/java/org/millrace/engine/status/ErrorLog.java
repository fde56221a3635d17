package org.millrace.engine.status;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.errors.ErrorConsumer;
import org.agrona.concurrent.errors.ErrorLogReader;

/**
 * Errors that are nobody's fault but the program's, one entry for each distinct stack with a count
 * and first and last time, so that an error on the data path costs no log line per frame.
 *
 * <p>Any thread. What a peer did wrong is not an error: it is a close code and a counter.
 */
public final class ErrorLog implements ErrorHandler {
  private static final System.Logger LOGGER = System.getLogger(ErrorLog.class.getName());

  private final AtomicBuffer buffer;
  private final DistinctErrorLog log;
  private final AtomicLong observations = new AtomicLong();
  private final AtomicLong unrecorded = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();

  /**
   * @param length room for entries in bytes; when it is full, one line goes to the logger and
   *     further errors are only counted.
   */
  public ErrorLog(int length, EpochClock clock) {
    buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    log = new DistinctErrorLog(buffer, clock);
  }

  @Override
  public void onError(Throwable error) {
    observations.incrementAndGet();
    try {
      if (!log.record(error) && full.compareAndSet(false, true)) {
        LOGGER.log(System.Logger.Level.ERROR, "error log is full; only counting from here", error);
      }
    } catch (Throwable t) {
      unrecorded.incrementAndGet(); // an exception that cannot even be printed
    }
  }

  /** How many errors were recorded, repeated ones included. */
  public long observations() {
    return observations.get();
  }

  /** How many of them could not be recorded because they could not be printed. */
  public long unrecorded() {
    return unrecorded.get();
  }

  /** Hands every distinct error to {@code consumer}; returns how many there are. */
  public int read(ErrorConsumer consumer) {
    return ErrorLogReader.read(buffer, consumer);
  }
}
