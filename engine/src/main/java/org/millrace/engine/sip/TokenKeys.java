package org.millrace.engine.sip;

import java.util.HashMap;
import java.util.Map;

/**
 * The keys of tokens and branches, and the node that makes them (C-12, C-27, C-28). Immutable.
 *
 * @param flowKeys by id, 0 to 15: what tokens may have been made with.
 * @param current id of the one that new tokens are made with.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TokenKeys(Map<Integer, byte[]> flowKeys, int current, byte[] branchKey, int node) {
  /** More than any id. */
  static final int ID_LIMIT = 16;

  TokenKeys {
    final Map<Integer, byte[]> copy = new HashMap<>();
    flowKeys.forEach((id, key) -> copy.put(id, key.clone()));
    flowKeys = Map.copyOf(copy);
    branchKey = branchKey.clone();
  }
}
