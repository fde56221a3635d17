/**
 * {@code bench compare}: whether one state of the source is faster than another. Forks of both
 * alternate on the same machine, so that what else goes on there meets both.
 */
package org.millrace.bench.compare;
