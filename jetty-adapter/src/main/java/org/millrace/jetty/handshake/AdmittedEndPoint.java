package org.millrace.jetty.handshake;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A socket that has a place in the limits and, until its handshake is decided, a deadline. Whatever
 * connection sits on it, TLS, PROXY, HTTP or the wire after the swap, its close ends here once.
 */
final class AdmittedEndPoint extends SocketChannelEndPoint {
  private static final AtomicReferenceFieldUpdater<AdmittedEndPoint, Scheduler.Task> DEADLINE =
      AtomicReferenceFieldUpdater.newUpdater(
          AdmittedEndPoint.class, Scheduler.Task.class, "deadline");
  private static final Scheduler.Task MET = () -> false;

  private final ConnectionLease lease;

  @SuppressWarnings("unused") // by name only
  private volatile Scheduler.Task deadline;

  private volatile Runnable expired;

  AdmittedEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      ConnectionLease lease) {
    super(channel, selector, key, scheduler);
    this.lease = lease;
  }

  /** The socket below TLS and PROXY. */
  static Optional<AdmittedEndPoint> under(EndPoint endPoint) {
    EndPoint each = endPoint;
    while (each instanceof EndPoint.Wrapper wrapper && !(each instanceof AdmittedEndPoint)) {
      each = wrapper.unwrap();
    }
    return each instanceof AdmittedEndPoint admitted ? Optional.of(admitted) : Optional.empty();
  }

  ConnectionLease lease() {
    return lease;
  }

  /** From now on, a handshake that takes longer is over. */
  void setDeadline(Scheduler scheduler, Duration timeout, Runnable otherwise) {
    expired = otherwise;
    schedule(scheduler, timeout);
  }

  /** What is to happen at the deadline instead, once there is a head to read. */
  void onDeadline(Runnable action) {
    expired = action;
  }

  /** The handshake is decided: nothing of the deadline remains. */
  void deadlineMet() {
    expired = null;
    final Scheduler.Task task = DEADLINE.getAndSet(this, MET);
    if (task != null) {
      task.cancel();
    }
  }

  /** Closes what is left of a refused connection by then. */
  void closeAfter(Scheduler scheduler, Duration timeout) {
    deadlineMet();
    DEADLINE.set(this, null);
    expired = this::close;
    schedule(scheduler, timeout);
  }

  private void schedule(Scheduler scheduler, Duration timeout) {
    final Scheduler.Task task =
        scheduler.schedule(this::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (!DEADLINE.compareAndSet(this, null, task)) {
      task.cancel();
    }
  }

  private void expire() {
    final Runnable action = expired;
    if (action != null) {
      action.run();
    }
  }

  @Override
  public void onClose(Throwable failure) {
    try {
      super.onClose(failure);
    } finally {
      deadlineMet();
      lease.release();
    }
  }
}
