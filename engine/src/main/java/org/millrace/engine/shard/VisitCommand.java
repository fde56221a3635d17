package org.millrace.engine.shard;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.millrace.engine.connection.Connection;

/** Shows the connections in a range of slots to a visitor, if need be over several cycles. */
final class VisitCommand implements Command {
  /** In place of a next slot: there is none. */
  static final int NO_SLOT = -1;

  private final CompletableFuture<Integer> next = new CompletableFuture<>();
  private final Consumer<? super Connection> visitor;
  private final int endSlot;
  private int slot;

  /** The slots from {@code fromSlot} to before {@code endSlot}. */
  VisitCommand(int fromSlot, int endSlot, Consumer<? super Connection> visitor) {
    slot = fromSlot;
    this.endSlot = endSlot;
    this.visitor = visitor;
  }

  /** The slot to go on from, or {@link #NO_SLOT}. */
  CompletableFuture<Integer> next() {
    return next;
  }

  @Override
  public int run(ConnectionTable table, int slots) {
    final int first = slot;
    final int end = Math.min(endSlot, table.slotsUsed());
    try {
      while (slot < end && slot - first < slots) {
        final ConnectionPort port = table.at(slot++);
        if (port != null) {
          visitor.accept(port.connection());
        }
      }
      if (slot >= end) {
        next.complete(end < table.slotsUsed() ? end : NO_SLOT);
      }
    } catch (Throwable t) {
      next.completeExceptionally(t);
    }
    return Math.max(1, slot - first);
  }

  @Override
  public boolean isDone() {
    return next.isDone();
  }

  @Override
  public void end() {
    next.complete(NO_SLOT);
  }
}
