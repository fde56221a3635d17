package org.millrace.jetty.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionListener;

/** What an engine told of its connections. */
public final class Events implements ConnectionListener {
  private static final int TIMEOUT_S = 60;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final BlockingQueue<Long> openings = new LinkedBlockingQueue<>();
  private final BlockingQueue<ClosedEvent> closings = new LinkedBlockingQueue<>();

  @Override
  public void onOpened(Connection connection) {
    opened.incrementAndGet();
    openings.add(connection.id());
  }

  @Override
  public void onClosed(Connection connection, ClosedEvent event) {
    closed.incrementAndGet();
    closings.add(event);
  }

  public int opened() {
    return opened.get();
  }

  public int closed() {
    return closed.get();
  }

  /** Id of the next one, waited for. */
  public long awaitOpened() throws InterruptedException {
    final Long id = openings.poll(TIMEOUT_S, TimeUnit.SECONDS);
    if (id == null) {
      throw new AssertionError("no opened event within " + TIMEOUT_S + " s");
    }
    return id;
  }

  /** The next one, waited for. */
  public ClosedEvent awaitClosed() throws InterruptedException {
    final ClosedEvent event = closings.poll(TIMEOUT_S, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no closed event within " + TIMEOUT_S + " s");
    }
    return event;
  }

  /** Those not awaited. */
  public List<ClosedEvent> rest() {
    return new ArrayList<>(closings);
  }
}
