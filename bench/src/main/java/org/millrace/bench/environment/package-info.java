/** What a figure was measured on; belongs beside every figure. */
package org.millrace.bench.environment;
