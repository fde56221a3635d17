/** Speed of a shard without sockets: the ring alone, and the whole duty cycle. */
package org.millrace.bench.shard;
