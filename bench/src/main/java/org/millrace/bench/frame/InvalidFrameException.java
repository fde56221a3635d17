package org.millrace.bench.frame;

/** A peer refused a frame; never happens in a benchmark, and fails it if it does. */
final class InvalidFrameException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidFrameException(String reason) {
    super(reason);
  }

  InvalidFrameException(Throwable cause) {
    super(cause);
  }
}
