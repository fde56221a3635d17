/** {@code bench gate}: whether a change may go in, as far as speed and allocation are concerned. */
package org.millrace.bench.gate;
