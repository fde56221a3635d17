/** {@code bench peers}: servers side by side in one run, over ws and wss, and a report of it. */
package org.millrace.bench.peers;
