/**
 * A slow and plain WebSocket peer, the oracle that the engine is compared with.
 *
 * <p>It shares nothing with the engine but the names of roles, rules and violations, and prefers
 * being obviously right over everything else.
 */
package org.millrace.engine.reference;
