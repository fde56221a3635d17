/** Servers to compare with one another, each in a process of its own. */
package org.millrace.bench.peer;
