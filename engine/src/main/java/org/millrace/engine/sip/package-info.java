/**
 * SIP over WebSocket (RFC 7118): messages as views over their bytes, the handler of one flow, and
 * {@link org.millrace.engine.sip.EmbeddedCore}, a registrar and router between the clients of this
 * engine.
 *
 * <p>Ownership: whatever belongs to one flow is written by the shard that owns its connection. What
 * is needed to work on one message (parser, scratch buffers, digests) exists once a shard and is
 * lent to one message at a time. Shared between shards are the tables of flows, bindings and forked
 * calls, which hold immutable values, and the counters. Nothing here waits, logs or looks up a
 * name.
 */
package org.millrace.engine.sip;
