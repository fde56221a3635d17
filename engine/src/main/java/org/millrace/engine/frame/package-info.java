/**
 * WebSocket frames as bytes (RFC 6455 sections 5, 7.4 and 8.1): layout, decoder, encoder, masking,
 * UTF-8 and close codes.
 *
 * <p>Nothing here knows a thread, a connection or a clock. Byte loops run over direct ByteBuffers
 * in native order, and only over those: C2 compiles a loop that sees heap and off-heap memory
 * several times slower.
 */
package org.millrace.engine.frame;
