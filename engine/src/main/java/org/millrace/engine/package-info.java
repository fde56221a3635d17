/**
 * The engine: start it, open connections on it, send and close from any thread, stop it.
 *
 * <p>A transport implements {@link org.millrace.engine.connection.Wire}; a program implements
 * {@link org.millrace.engine.connection.MessageHandler}, whose Javadoc has the memory rules.
 */
package org.millrace.engine;
