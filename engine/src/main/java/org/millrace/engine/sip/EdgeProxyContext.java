package org.millrace.engine.sip;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.millrace.engine.connection.ConfigurationException;

/**
 * The settings of an {@link EdgeProxy}. Set what differs from the defaults, then {@link #conclude};
 * from then on it is immutable.
 */
public final class EdgeProxyContext {
  private static final int LEAST_QUEUE = 64 * 1024;

  private final Map<Integer, byte[]> flowKeys = new HashMap<>();
  private int currentFlowKey = -1;
  private byte[] branchKey;
  private int node;
  private NanoClock nanoClock = SystemNanoClock.INSTANCE;
  private boolean verifyBranch = true;
  private List<String> droppedHeaders = List.of("p-asserted-identity", "path", "record-route");
  private List<CoreSocket> coreSockets = List.of();
  private SizeRule sizeRule = SizeRule.DEFAULT;
  private OwnResponses ownResponses = (hop, buffer, offset, length) -> false;
  private int viaKeys;
  private TransactionSettings transactions;
  private int transactionQueueBytes;
  private Runnable transactionWaker;
  private boolean concluded;

  /**
   * Validates and freezes the settings. Once only.
   *
   * @throws ConfigurationException naming the setting, its value and what would be right.
   * @throws IllegalStateException if it has been concluded before.
   */
  public EdgeProxyContext conclude() {
    notConcluded();
    ConfigurationException.require(
        flowKeys.containsKey(currentFlowKey), "currentFlowKey", currentFlowKey, "must be a key");
    ConfigurationException.require(branchKey != null, "branchKey", null, "must be set");
    ConfigurationException.require(
        coreSockets.stream().map(CoreSocket::id).distinct().count() == coreSockets.size(),
        "coreSockets",
        coreSockets.stream().map(CoreSocket::id).toList(),
        "must have ids of their own");
    ConfigurationException.require(
        !coreSockets.isEmpty(), "coreSockets", coreSockets, "must be set");
    for (final String name : droppedHeaders) {
      ConfigurationException.require(
          DroppedHeaders.isDroppable(name), "droppedHeaders", name, "must be of use to nobody");
    }
    concluded = true;
    return this;
  }

  private void notConcluded() {
    if (concluded) {
      throw new IllegalStateException("the context has been concluded: make a new one");
    }
  }

  public boolean isConcluded() {
    return concluded;
  }

  /**
   * Adds a key that flow and return tokens may have been made with (C-28).
   *
   * @param id 0 to 15.
   * @param key 16 bytes or more; copied.
   */
  public EdgeProxyContext flowKey(int id, byte[] key) {
    notConcluded();
    ConfigurationException.require(id >= 0 && id <= 15, "flowKey", id, "must be 0 to 15");
    ConfigurationException.require(
        key.length >= 16, "flowKey", key.length, "must have 16 bytes or more");
    flowKeys.put(id, key.clone());
    return this;
  }

  /** Which key new tokens are made with. */
  public EdgeProxyContext currentFlowKey(int id) {
    notConcluded();
    currentFlowKey = id;
    return this;
  }

  /**
   * The key of branches, To tags and loop marks.
   *
   * @param key 16 bytes or more; copied.
   */
  public EdgeProxyContext branchKey(byte[] key) {
    notConcluded();
    ConfigurationException.require(
        key.length >= 16, "branchKey", key.length, "must have 16 bytes or more");
    branchKey = key.clone();
    return this;
  }

  /** Number of this node among those that share keys. Any value. */
  public EdgeProxyContext node(int value) {
    notConcluded();
    node = value;
    return this;
  }

  /** Time for what is kept for a while. */
  public EdgeProxyContext nanoClock(NanoClock value) {
    notConcluded();
    nanoClock = value;
    return this;
  }

  /** Whether responses must have the branch that their other fields say (C-40). */
  public EdgeProxyContext verifyBranch(boolean value) {
    notConcluded();
    verifyBranch = value;
    return this;
  }

  /** Names of header fields that requests of clients lose (C-4). */
  public EdgeProxyContext droppedHeaders(List<String> names) {
    notConcluded();
    droppedHeaders = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    return this;
  }

  /** All addresses of this side that the core knows. Must be set. */
  public EdgeProxyContext coreSockets(List<CoreSocket> value) {
    notConcluded();
    coreSockets = List.copyOf(value);
    return this;
  }

  /**
   * What happens with requests that are too long for a datagram (C-65), where a target has no rule
   * of its own.
   */
  public EdgeProxyContext sizeRule(SizeRule value) {
    notConcluded();
    sizeRule = Objects.requireNonNull(value, "sizeRule");
    return this;
  }

  /** Who takes responses to requests that this side has made itself. Default: nobody. */
  public EdgeProxyContext ownResponses(OwnResponses value) {
    notConcluded();
    ownResponses = Objects.requireNonNull(value, "ownResponses");
    return this;
  }

  /**
   * How many tokens are kept here so that our Via shows only a key of 12 characters for each
   * (C-44): 1 to {@link ViaKeys#MAX_ENTRIES}, 80 bytes each. 0, the default, for whole tokens.
   */
  public EdgeProxyContext viaKeys(int value) {
    notConcluded();
    viaKeys = value;
    return this;
  }

  /** A new table, or null if there is to be none. */
  ViaKeys newViaKeys() {
    return viaKeys == 0 ? null : new ViaKeys(viaKeys);
  }

  /**
   * Lets flows have {@link EdgePolicy.Transactions#TRANSACTION}, for which {@link
   * EdgeProxy#transactionAgent} has to be run. Default: none may.
   *
   * @param queueBytes of the queue to that agent, a power of two from 64 KiB; no message may be
   *     longer than an eighth of it.
   * @param waker called by any thread when it has put something into the queue; must not wait.
   */
  public EdgeProxyContext transactions(
      TransactionSettings settings, int queueBytes, Runnable waker) {
    notConcluded();
    ConfigurationException.require(
        queueBytes >= LEAST_QUEUE && Integer.bitCount(queueBytes) == 1,
        "transactionQueue",
        queueBytes,
        "must be a power of two from " + LEAST_QUEUE);
    transactions = Objects.requireNonNull(settings, "settings");
    transactionQueueBytes = queueBytes;
    transactionWaker = Objects.requireNonNull(waker, "waker");
    return this;
  }

  /** Null if no flow may have them. */
  TransactionSettings transactions() {
    return transactions;
  }

  /** A new queue to the agent; null if there is none. */
  TransactionQueue newTransactionQueue() {
    return transactions == null
        ? null
        : new TransactionQueue(transactionQueueBytes, transactionWaker);
  }

  TokenKeys tokenKeys() {
    return new TokenKeys(flowKeys, currentFlowKey, branchKey, node);
  }

  List<CoreSocket> coreSockets() {
    return coreSockets;
  }

  SizeRule sizeRule() {
    return sizeRule;
  }

  OwnResponses ownResponses() {
    return ownResponses;
  }

  NanoClock nanoClock() {
    return nanoClock;
  }

  boolean verifyBranch() {
    return verifyBranch;
  }

  List<String> droppedHeaders() {
    return droppedHeaders;
  }
}
