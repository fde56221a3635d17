/**
 * Reports of what was measured, for people: each as one HTML file that needs nothing else, as
 * Markdown with its plots beside it, and with its data as JSON; and an index of all of them.
 */
package org.millrace.bench.report;
