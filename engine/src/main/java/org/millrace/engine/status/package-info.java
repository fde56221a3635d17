/** What an operator may read of the engine: counters with fixed ids, and the distinct-error log. */
package org.millrace.engine.status;
