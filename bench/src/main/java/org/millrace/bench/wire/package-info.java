/** Transports in memory, for programs that measure the engine without a network. */
package org.millrace.bench.wire;
