/**
 * What operators do with a running edge: JSON-RPC with Kamailio's names and shapes and our own,
 * health, and the drain. On a listener of its own, never on one for WebSocket (F-10).
 */
package org.millrace.jetty.admin;
