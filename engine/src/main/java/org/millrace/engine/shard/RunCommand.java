package org.millrace.engine.shard;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.millrace.engine.connection.Connection;

/** Hands the connection with an id, if there is one, to an action. */
final class RunCommand implements Command {
  private final CompletableFuture<Boolean> found = new CompletableFuture<>();
  private final long id;
  private final Consumer<? super Connection> action;

  RunCommand(long id, Consumer<? super Connection> action) {
    this.id = id;
    this.action = action;
  }

  /** Whether there was such a connection; the action has been run then. */
  CompletableFuture<Boolean> found() {
    return found;
  }

  @Override
  public int run(ConnectionTable table, int slots) {
    try {
      final ConnectionPort port = table.get(id);
      if (port != null && !found.isDone()) {
        action.accept(port.connection());
      }
      found.complete(port != null);
    } catch (Throwable t) {
      found.completeExceptionally(t);
    }
    return 1;
  }

  @Override
  public boolean isDone() {
    return found.isDone();
  }

  @Override
  public void end() {
    found.complete(false);
  }
}
