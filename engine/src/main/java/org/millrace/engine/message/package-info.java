/**
 * Fragments to messages (RFC 6455 section 5.4): pooled buffers, assembly, and the limits on a
 * message under way.
 */
package org.millrace.engine.message;
