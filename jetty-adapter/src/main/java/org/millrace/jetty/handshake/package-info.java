/** The opening handshake: what is let in, what is refused, and how (A.2 of the requirements). */
package org.millrace.jetty.handshake;
