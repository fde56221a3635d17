package org.millrace.engine.frame;

/** Close codes and who may use them (RFC 6455 section 7.4, IANA registry; requirement A-46). */
public final class CloseCode {
  public static final int NORMAL = 1000;
  public static final int GOING_AWAY = 1001;
  public static final int PROTOCOL_ERROR = 1002;
  public static final int UNSUPPORTED_DATA = 1003;

  /** Local only: the peer's Close carried no code. Never on the wire. */
  public static final int NO_STATUS = 1005;

  /** Local only: the connection ended without a Close. Never on the wire. */
  public static final int ABNORMAL = 1006;

  public static final int INVALID_PAYLOAD = 1007;
  public static final int POLICY_VIOLATION = 1008;
  public static final int MESSAGE_TOO_BIG = 1009;
  public static final int MANDATORY_EXTENSION = 1010;
  public static final int INTERNAL_ERROR = 1011;
  public static final int SERVICE_RESTART = 1012;
  public static final int TRY_AGAIN_LATER = 1013;
  public static final int BAD_GATEWAY = 1014;

  private CloseCode() {}

  /** Whether a peer may put {@code code} on the wire; if not, its Close is answered with 1002. */
  public static boolean mayBeReceived(int code) {
    return (code >= NORMAL && code <= BAD_GATEWAY && code != 1004 && !isLocalOnly(code))
        || (code >= 3000 && code <= 4999);
  }

  /** Whether {@code role} may send {@code code}: as received, but 1010 belongs to clients. */
  public static boolean mayBeSent(int code, Role role) {
    return mayBeReceived(code) && (code != MANDATORY_EXTENSION || role == Role.CLIENT);
  }

  private static boolean isLocalOnly(int code) {
    return code == NO_STATUS || code == ABNORMAL;
  }
}
