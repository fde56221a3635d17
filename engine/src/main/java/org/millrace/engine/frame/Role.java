package org.millrace.engine.frame;

/** Which side of a WebSocket connection this engine is (RFC 6455 section 5.1). */
public enum Role {
  /** Receives masked frames, sends unmasked ones, closes the transport first. */
  SERVER,
  /** Receives unmasked frames, masks every frame it sends, waits for the server's end of stream. */
  CLIENT
}
