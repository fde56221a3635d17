package org.millrace.jetty.config;

/** A value is not of its kind; the message says what would be right. */
final class WrongValueException extends Exception {
  private static final long serialVersionUID = 1L;

  WrongValueException(String message) {
    super(message, null, false, false);
  }
}
