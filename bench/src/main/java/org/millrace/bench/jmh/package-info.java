/** Runs the JMH suites of this module: {@code bench jmh}, and what every JMH run has in common. */
package org.millrace.bench.jmh;
