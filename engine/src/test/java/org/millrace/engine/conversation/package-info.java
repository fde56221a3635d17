/**
 * Whole conversations through the engine: bytes in, bytes out, messages delivered, closed event.
 *
 * <p>What a conversation must amount to comes from the specification's vectors or from the
 * reference decoder, never from the engine.
 */
package org.millrace.engine.conversation;
