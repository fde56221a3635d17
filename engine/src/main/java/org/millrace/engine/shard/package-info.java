/**
 * The agents that own connections: inbound ring, signals, timer wheel, parking.
 *
 * <p>Ownership: everything of a connection is written by the shard that owns it. Other threads
 * reach a shard in two ways only: records in its ring, which may be refused, and signals, which may
 * not.
 */
package org.millrace.engine.shard;
