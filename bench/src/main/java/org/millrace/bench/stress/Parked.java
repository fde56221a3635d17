package org.millrace.bench.stress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.millrace.engine.shard.Doorbell;

/**
 * Whether a consumer's announcement still stands, which is to say that nobody has woken it. Looked
 * up in the {@link Doorbell} itself: waiting for a real thread to wake would let a permit that an
 * earlier ring left behind hide a lost wake-up.
 */
final class Parked {
  private static final VarHandle PARKED;

  static {
    try {
      PARKED =
          MethodHandles.privateLookupIn(Doorbell.class, MethodHandles.lookup())
              .findVarHandle(Doorbell.class, "parked", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Parked() {}

  static boolean isParked(Doorbell doorbell) {
    return (boolean) PARKED.getOpaque(doorbell);
  }
}
