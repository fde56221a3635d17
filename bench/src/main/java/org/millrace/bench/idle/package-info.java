/** What an engine costs that has nothing to do, and how soon it is back. */
package org.millrace.bench.idle;
