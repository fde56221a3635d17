package org.millrace.engine.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes one consumer that parks when it has nothing to do, and costs a producer a fence while it
 * does not.
 *
 * <p>Ordering, as in Dekker's algorithm: the producer stores its work, fences, then loads {@code
 * parked}; the consumer stores {@code parked}, fences, then looks for work once more. Of the two
 * loads at least one sees the other's store, so either the consumer finds the work or the producer
 * finds the consumer parked. A permit that {@code unpark} leaves behind makes one later park return
 * at once, which is harmless.
 */
public final class Doorbell {
  private static final VarHandle PARKED;

  static {
    try {
      PARKED = MethodHandles.lookup().findVarHandle(Doorbell.class, "parked", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Accessed through PARKED.
  @SuppressWarnings("unused")
  private boolean parked;

  private volatile Thread consumer;

  /** Names the thread to wake. Consumer, before its first park. */
  public void consumer(Thread thread) {
    consumer = thread;
  }

  /** Any thread, after it has published work. */
  public void ring() {
    VarHandle.fullFence();
    if ((boolean) PARKED.getOpaque(this) && PARKED.compareAndSet(this, true, false)) {
      LockSupport.unpark(consumer);
    }
  }

  /** Consumer: announces that it will park. It has to look for work after this, before it does. */
  public void announce() {
    PARKED.setOpaque(this, true);
    VarHandle.fullFence();
  }

  /** Consumer: it is awake, whether it was woken or not. */
  public void withdraw() {
    PARKED.setOpaque(this, false);
  }
}
