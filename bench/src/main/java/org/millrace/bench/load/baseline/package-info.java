/** The least server that echoes: what a generator takes beside it is the generator's own. */
package org.millrace.bench.load.baseline;
