package org.millrace.bench.capacity.model;

/** The figures do not support the model; the message tells why, and what would. */
public final class UnsupportedModelException extends Exception {
  private static final long serialVersionUID = 1;

  public UnsupportedModelException(String message) {
    super(message);
  }
}
