package org.millrace.jetty.cli;

/** The edge could not be asked, or said no; the message is for people. */
final class AdminFault extends Exception {
  private static final long serialVersionUID = 1L;

  AdminFault(String message) {
    super(message);
  }
}
