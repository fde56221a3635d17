/**
 * Lean clients of echo servers: they check all that comes back, and cost little beside the server.
 */
package org.millrace.bench.load;
