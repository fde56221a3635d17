package org.millrace.engine.frame;

/** Frame opcodes (RFC 6455 section 5.2), as the four bits on the wire. */
public final class Opcode {
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xA;

  private Opcode() {}

  /** Whether {@code opcode} (0 to 15) names a control frame, defined or reserved. */
  public static boolean isControl(int opcode) {
    return (opcode & 0x8) != 0;
  }

  /**
   * Whether {@code opcode} (0 to 15) is one of 3 to 7 or B to F, which no extension here defines.
   */
  public static boolean isReserved(int opcode) {
    return (opcode & 0x7) > 0x2;
  }
}
