/**
 * jcstress tests of what crosses threads in the engine: waking a parked shard, a full ring, closing
 * while others send, signals that come together.
 *
 * <p>A test has one class in one file, because {@code ./millrace test} deals out its time by files.
 * Outcomes are words; whatever no outcome describes is forbidden.
 */
package org.millrace.bench.stress;
