/** The transports towards the SIP core: UDP, TCP, TLS, and WebSocket as a client. */
package org.millrace.jetty.upstream;
