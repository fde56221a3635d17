package org.millrace.jetty.cli;

/** What the process says when it ends. */
final class ExitCode {
  static final int OK = 0;

  /** It was asked for properly and did not work. */
  static final int FAILURE = 1;

  /** The command line or the configuration is wrong. */
  static final int USAGE = 2;

  private ExitCode() {}
}
