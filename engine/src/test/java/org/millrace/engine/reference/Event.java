package org.millrace.engine.reference;

import org.millrace.engine.frame.Violation;

/** What the bytes of a peer amount to. After {@link Close} or {@link Failed} nothing follows. */
public sealed interface Event {
  /** A whole message, over however many frames it came. */
  record Message(boolean text, Bytes payload) implements Event {}

  record Ping(Bytes payload) implements Event {}

  record Pong(Bytes payload) implements Event {}

  /** A legal Close; the code is 1005 if there was none. */
  record Close(int code, String reason) implements Event {}

  record Failed(Violation violation) implements Event {}
}
