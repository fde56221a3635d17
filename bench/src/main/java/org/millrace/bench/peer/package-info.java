/** Echo servers to compare with one another, each in a JVM of its own. */
package org.millrace.bench.peer;
