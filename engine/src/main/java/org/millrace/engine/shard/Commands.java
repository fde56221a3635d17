package org.millrace.engine.shard;

import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * What other threads have asked a shard to do with its connections: done by the shard between
 * frames, in the order in which it was asked for, a bounded number of slots in a duty cycle.
 *
 * <p>Never refused, as signals are not; the queue is as long as there are askers, who wait for one
 * answer before they ask again.
 *
 * <p>Ordering: an asker offers, fences ({@link Doorbell#ring}), then looks at whether the shard has
 * stopped; a shard that stops says so, fences, then takes what is left. At least one of the two
 * ends the command, and ending it twice is harmless, so nobody waits for a shard that is gone.
 */
final class Commands {
  private static final int CHUNK = 16;
  private static final int SLOTS_PER_CYCLE = 256;

  private final MpscUnboundedAtomicArrayQueue<Command> queue =
      new MpscUnboundedAtomicArrayQueue<>(CHUNK);
  private Command underWay;

  /** Any thread. */
  void offer(Command command) {
    queue.offer(command);
  }

  /** The shard: goes on with what it has been asked for; returns how much was done. */
  int run(ConnectionTable table) {
    int slots = 0;
    while (slots < SLOTS_PER_CYCLE) {
      if (underWay == null) {
        underWay = queue.relaxedPoll();
        if (underWay == null) {
          break;
        }
      }
      slots += underWay.run(table, SLOTS_PER_CYCLE - slots);
      if (underWay.isDone()) {
        underWay = null;
      }
    }
    return slots;
  }

  /** The shard, once it has said that it has stopped. */
  void endAll() {
    if (underWay != null) {
      underWay.end();
      underWay = null;
    }
    Command command;
    while ((command = queue.relaxedPoll()) != null) {
      command.end();
    }
  }

  /** The shard. */
  boolean isEmpty() {
    return underWay == null && queue.isEmpty();
  }
}
