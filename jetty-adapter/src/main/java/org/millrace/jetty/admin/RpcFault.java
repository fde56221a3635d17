package org.millrace.jetty.admin;

/** Why a call has failed, in Kamailio's terms: the code is like a status of SIP or HTTP. */
final class RpcFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final boolean invalidParams;

  private RpcFault(int code, String message, boolean invalidParams) {
    super(message, null, false, false);
    this.code = code;
    this.invalidParams = invalidParams;
  }

  static RpcFault of(int code, String message) {
    return new RpcFault(code, message, false);
  }

  /** The fault lies in the parameters. */
  static RpcFault invalidParams(int code, String message) {
    return new RpcFault(code, message, true);
  }

  int code() {
    return code;
  }

  boolean isInvalidParams() {
    return invalidParams;
  }
}
