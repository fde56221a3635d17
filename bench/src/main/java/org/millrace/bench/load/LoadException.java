package org.millrace.bench.load;

import java.io.IOException;

/** A load could not be run; the message says why, and what to do, to people. */
public final class LoadException extends IOException {
  private static final long serialVersionUID = 1;

  LoadException(String message) {
    super(message);
  }
}
