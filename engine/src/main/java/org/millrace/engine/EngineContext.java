package org.millrace.engine;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.millrace.engine.connection.ConnectionListener;
import org.millrace.engine.frame.MaskingKeys;
import org.millrace.engine.frame.SecureMaskingKeys;

/**
 * What an {@link Engine} is made with. Set what differs from the defaults and launch; the engine
 * concludes it, and from then on it cannot be changed or used for another engine.
 */
public final class EngineContext {
  private ThreadingMode threadingMode = ThreadingMode.DEDICATED;
  private int shards = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  private int ringCapacity = 4 * 1024 * 1024;
  private int maxConnections = 131_072;
  private int recordsPerCycle = 256;
  private int signalsPerCycle = 1024;
  private int timersPerCycle = 256;
  private long bufferMemoryLimit = 512L * 1024 * 1024;
  private long bufferMemoryRetained = 64L * 1024 * 1024;
  private int idleSpins = 32;
  private Duration cycleThreshold = Duration.ofMillis(20);
  private Duration stopTimeout = Duration.ofSeconds(10);
  private int errorLogLength = 256 * 1024;
  private NanoClock nanoClock = SystemNanoClock.INSTANCE;
  private EpochClock epochClock = SystemEpochClock.INSTANCE;
  private ConnectionListener listener = ConnectionListener.NONE;
  private Supplier<MaskingKeys> maskingKeys = SecureMaskingKeys::new;
  private ThreadFactory threadFactory = Thread::new;
  private long seed = new SecureRandom().nextLong();
  private boolean concluded;

  /**
   * Validates and freezes the settings. Once only.
   *
   * @return this.
   * @throws org.millrace.engine.connection.ConfigurationException naming the setting, its value and
   *     what would be right.
   * @throws IllegalStateException if it has been concluded before.
   */
  public EngineContext conclude() {
    notConcluded();
    EngineContextRules.check(this);
    concluded = true;
    return this;
  }

  private void notConcluded() {
    if (concluded) {
      throw new IllegalStateException("the context has been concluded: make a new one");
    }
  }

  /** Most connections of one shard; those of all shards add up to {@link #maxConnections()}. */
  int maxConnectionsOfShard(int index) {
    return maxConnections / shards + (index < maxConnections % shards ? 1 : 0);
  }

  /** Who runs the shards. */
  public EngineContext threadingMode(ThreadingMode value) {
    notConcluded();
    threadingMode = value;
    return this;
  }

  public ThreadingMode threadingMode() {
    return threadingMode;
  }

  /**
   * Number of shards, 1 to 256; each owns a part of the connections. Default: half of the
   * processors, the other half being the transport's.
   */
  public EngineContext shards(int value) {
    notConcluded();
    shards = value;
    return this;
  }

  public int shards() {
    return shards;
  }

  /**
   * Bytes of each shard's inbound ring, a power of two, 64 KiB to 1 GiB. One read is at most an
   * eighth of it.
   */
  public EngineContext ringCapacity(int value) {
    notConcluded();
    ringCapacity = value;
    return this;
  }

  public int ringCapacity() {
    return ringCapacity;
  }

  /**
   * Most connections of the engine at once, 1 to 2^24 a shard. Tables and timers are laid out for
   * it: about 40 bytes each.
   */
  public EngineContext maxConnections(int value) {
    notConcluded();
    maxConnections = value;
    return this;
  }

  public int maxConnections() {
    return maxConnections;
  }

  /** Most ring records that a shard reads in one duty cycle, 1 or more. */
  public EngineContext recordsPerCycle(int value) {
    notConcluded();
    recordsPerCycle = value;
    return this;
  }

  public int recordsPerCycle() {
    return recordsPerCycle;
  }

  /** Most signalled connections that a shard looks at in one duty cycle, 1 or more. */
  public EngineContext signalsPerCycle(int value) {
    notConcluded();
    signalsPerCycle = value;
    return this;
  }

  public int signalsPerCycle() {
    return signalsPerCycle;
  }

  /** Most timers that a shard fires in one duty cycle, 1 or more. */
  public EngineContext timersPerCycle(int value) {
    notConcluded();
    timersPerCycle = value;
    return this;
  }

  public int timersPerCycle() {
    return timersPerCycle;
  }

  /**
   * Most bytes of pooled buffers in use, over all shards: incomplete messages and what waits to be
   * sent. 64 KiB or more a shard.
   */
  public EngineContext bufferMemoryLimit(long value) {
    notConcluded();
    bufferMemoryLimit = value;
    return this;
  }

  public long bufferMemoryLimit() {
    return bufferMemoryLimit;
  }

  /** Most bytes of pooled buffers kept for reuse, over all shards, 0 or more. */
  public EngineContext bufferMemoryRetained(long value) {
    notConcluded();
    bufferMemoryRetained = value;
    return this;
  }

  public long bufferMemoryRetained() {
    return bufferMemoryRetained;
  }

  /** Idle duty cycles before a dedicated shard parks, 0 or more. */
  public EngineContext idleSpins(int value) {
    notConcluded();
    idleSpins = value;
    return this;
  }

  public int idleSpins() {
    return idleSpins;
  }

  /** A duty cycle longer than this is counted as a stall. */
  public EngineContext cycleThreshold(Duration value) {
    notConcluded();
    cycleThreshold = value;
    return this;
  }

  public Duration cycleThreshold() {
    return cycleThreshold;
  }

  /** Time that connections have for their closing handshake when the engine stops. */
  public EngineContext stopTimeout(Duration value) {
    notConcluded();
    stopTimeout = value;
    return this;
  }

  public Duration stopTimeout() {
    return stopTimeout;
  }

  /** Bytes for distinct errors, 4 KiB or more. */
  public EngineContext errorLogLength(int value) {
    notConcluded();
    errorLogLength = value;
    return this;
  }

  public int errorLogLength() {
    return errorLogLength;
  }

  /** Clock for everything that takes time. */
  public EngineContext nanoClock(NanoClock value) {
    notConcluded();
    nanoClock = value;
    return this;
  }

  public NanoClock nanoClock() {
    return nanoClock;
  }

  /** Clock for the error log's times. */
  public EngineContext epochClock(EpochClock value) {
    notConcluded();
    epochClock = value;
    return this;
  }

  public EpochClock epochClock() {
    return epochClock;
  }

  /** Hears of every connection that opens and closes. */
  public EngineContext listener(ConnectionListener value) {
    notConcluded();
    listener = value;
    return this;
  }

  public ConnectionListener listener() {
    return listener;
  }

  /**
   * Makes each shard's source of masking keys for the client role. Tests only have a reason to
   * change it.
   */
  public EngineContext maskingKeys(Supplier<MaskingKeys> value) {
    notConcluded();
    maskingKeys = value;
    return this;
  }

  public Supplier<MaskingKeys> maskingKeys() {
    return maskingKeys;
  }

  /** Makes the threads of dedicated shards. */
  public EngineContext threadFactory(ThreadFactory value) {
    notConcluded();
    threadFactory = value;
    return this;
  }

  public ThreadFactory threadFactory() {
    return threadFactory;
  }

  /** Seed of keep-alive jitter, ping payloads and the ids of connections. */
  public EngineContext seed(long value) {
    notConcluded();
    seed = value;
    return this;
  }

  public long seed() {
    return seed;
  }

  /** All settings, one a line. */
  @Override
  public String toString() {
    return """
        EngineContext{
          threadingMode=%s
          shards=%s
          ringCapacity=%s
          maxConnections=%s
          recordsPerCycle=%s
          signalsPerCycle=%s
          timersPerCycle=%s
          bufferMemoryLimit=%s
          bufferMemoryRetained=%s
          idleSpins=%s
          cycleThreshold=%s
          stopTimeout=%s
          errorLogLength=%s
          nanoClock=%s
          epochClock=%s
          listener=%s
          maskingKeys=%s
          threadFactory=%s
          seed=%s
        }"""
        .formatted(
            threadingMode,
            shards,
            ringCapacity,
            maxConnections,
            recordsPerCycle,
            signalsPerCycle,
            timersPerCycle,
            bufferMemoryLimit,
            bufferMemoryRetained,
            idleSpins,
            cycleThreshold,
            stopTimeout,
            errorLogLength,
            nanoClock,
            epochClock,
            listener,
            maskingKeys,
            threadFactory,
            seed);
  }
}
