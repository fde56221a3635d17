package org.millrace.engine.conversation;

import java.util.function.IntPredicate;

/**
 * How the bytes of a conversation come in.
 *
 * @param ends whether a read ends behind that many bytes.
 */
record Reads(String name, IntPredicate ends) {
  static Reads whole() {
    return new Reads("in one read", position -> false);
  }

  static Reads byteByByte() {
    return new Reads("byte by byte", position -> true);
  }

  static Reads splitAt(int split) {
    return new Reads("split at " + split, position -> position == split);
  }

  @Override
  public String toString() {
    return name;
  }
}
