package org.millrace.jetty.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.Connection;

/** Asks the shards and waits for them, but not for ever. For threads of the admin listener. */
final class EngineAccess {
  private static final long TIMEOUT_SECONDS = 10;

  private final Engine engine;

  EngineAccess(Engine engine) {
    this.engine = engine;
  }

  /** How an action on a connection went. */
  enum Result {
    DONE,
    REFUSED,
    NO_SUCH_CONNECTION
  }

  /** Does something with a connection that may refuse it. */
  Result act(long id, Predicate<Connection> action) throws RpcFault {
    final boolean[] done = new boolean[1];
    final boolean found = await(engine.run(id, connection -> done[0] = action.test(connection)));
    if (!found) {
      return Result.NO_SUCH_CONNECTION;
    }
    return done[0] ? Result.DONE : Result.REFUSED;
  }

  /** As {@link Engine#visit}. */
  int visit(int shard, int fromSlot, int slots, Consumer<Connection> visitor) throws RpcFault {
    return await(engine.visit(shard, fromSlot, slots, visitor));
  }

  int shards() {
    return engine.context().shards();
  }

  long nowNs() {
    return engine.nowNs();
  }

  private static <T> T await(CompletableFuture<T> future) throws RpcFault {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      future.cancel(false);
      throw RpcFault.of(500, "No answer from the engine");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RpcFault.of(500, "Interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
