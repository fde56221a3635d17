package org.millrace.engine.sip;

/** Methods that are told apart; any other is {@link #OTHER} and forwarded like them. */
final class SipMethod {
  static final int OTHER = 0;
  static final int INVITE = 1;
  static final int ACK = 2;
  static final int CANCEL = 3;
  static final int BYE = 4;
  static final int REGISTER = 5;
  static final int OPTIONS = 6;
  static final int MESSAGE = 7;
  static final int SUBSCRIBE = 8;
  static final int NOTIFY = 9;
  static final int REFER = 10;
  static final int INFO = 11;
  static final int UPDATE = 12;
  static final int PRACK = 13;
  static final int PUBLISH = 14;

  private static final byte[][] NAMES = {
    {},
    Octets.ascii("INVITE"),
    Octets.ascii("ACK"),
    Octets.ascii("CANCEL"),
    Octets.ascii("BYE"),
    Octets.ascii("REGISTER"),
    Octets.ascii("OPTIONS"),
    Octets.ascii("MESSAGE"),
    Octets.ascii("SUBSCRIBE"),
    Octets.ascii("NOTIFY"),
    Octets.ascii("REFER"),
    Octets.ascii("INFO"),
    Octets.ascii("UPDATE"),
    Octets.ascii("PRACK"),
    Octets.ascii("PUBLISH"),
  };

  private SipMethod() {}

  /** Method names are case-sensitive (RFC 3261 section 7.1). */
  static int of(byte[] buffer, int from, int length) {
    for (int i = 1; i < NAMES.length; i++) {
      if (Octets.equal(buffer, from, length, NAMES[i])) {
        return i;
      }
    }
    return OTHER;
  }

  /**
   * Whether a request without To tag may begin a dialog, so that this side must stay in its path
   * (C-36).
   */
  static boolean formsDialog(int method) {
    return switch (method) {
      case INVITE, SUBSCRIBE, REFER, NOTIFY, UPDATE -> true;
      default -> false;
    };
  }
}
