/** What a SIP user behind a WebSocket says: requests, answers and calls of a load generator. */
package org.millrace.bench.load.sip;
