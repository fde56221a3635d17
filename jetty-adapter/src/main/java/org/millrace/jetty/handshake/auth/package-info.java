/** Who a client is, proven in its opening handshake. */
package org.millrace.jetty.handshake.auth;
