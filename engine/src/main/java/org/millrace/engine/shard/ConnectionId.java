package org.millrace.engine.shard;

/**
 * The layout of a connection id: which shard owns it, in which slot, and the how-manieth connection
 * in that slot it is, so that an id kept too long names nobody rather than somebody else.
 *
 * <pre>
 *  63  62                            32 31                    8 7       0
 * +---+--------------------------------+-----------------------+---------+
 * | 0 | generation, 1 or more          | slot                  | shard   |
 * +---+--------------------------------+-----------------------+---------+
 * </pre>
 */
public final class ConnectionId {
  public static final int MAX_SHARDS = 1 << 8;
  public static final int MAX_SLOTS = 1 << 24;

  private static final int SLOT_SHIFT = 8;
  private static final int GENERATION_SHIFT = 32;

  private ConnectionId() {}

  static long of(int generation, int slot, int shard) {
    return ((long) generation << GENERATION_SHIFT) | ((long) slot << SLOT_SHIFT) | shard;
  }

  public static int shard(long id) {
    return (int) id & (MAX_SHARDS - 1);
  }

  public static int slot(long id) {
    return (int) (id >>> SLOT_SHIFT) & (MAX_SLOTS - 1);
  }

  static int generation(long id) {
    return (int) (id >>> GENERATION_SHIFT);
  }
}
