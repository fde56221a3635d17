/**
 * One thread with many WebSocket connections that sends when messages are due, whatever the server
 * does, and knows of each answer when its message was to be sent. Nothing is allocated for a
 * message.
 */
package org.millrace.bench.load.client;
