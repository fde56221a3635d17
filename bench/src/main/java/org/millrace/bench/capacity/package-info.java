/** How much an engine can hold: the heap of idle connections, and what keeping them alive costs. */
package org.millrace.bench.capacity;
