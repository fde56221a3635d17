/** What can be said of a few measured values, and how surely. */
package org.millrace.bench.statistics;
