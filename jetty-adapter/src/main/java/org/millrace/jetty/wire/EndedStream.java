package org.millrace.jetty.wire;

import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http2.HTTP2Channel;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;

/**
 * Takes the place of a stream's endpoint that was closed. The endpoint would go on saying that it
 * is not idle until its reset has left, and where TCP is blocked that is never: Jetty would not end
 * the connection, however long it is idle.
 */
final class EndedStream implements HTTP2Channel.Server {
  static final EndedStream INSTANCE = new EndedStream();

  private EndedStream() {}

  @Override
  public boolean isIdle() {
    return true;
  }

  @Override
  public Runnable onDataAvailable() {
    return null;
  }

  @Override
  public Runnable onTrailer(HeadersFrame frame) {
    return null;
  }

  @Override
  public void onTimeout(TimeoutException timeout, BiConsumer<Runnable, Boolean> consumer) {
    consumer.accept(null, true);
  }

  @Override
  public Runnable onFailure(Throwable failure, Callback callback) {
    return callback::succeeded;
  }
}
