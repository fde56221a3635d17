package org.millrace.engine.sip;

import java.util.function.IntSupplier;

/**
 * From where a message of the core came, and where its answer goes: what a return token holds
 * (C-41). To be filled again for each message, by one thread at a time.
 */
public final class CoreHop {
  private static final int NOT_ASKED = -1;

  private final byte[] address = new byte[16];
  private CoreSocket socket;
  private int addressLength;
  private int port;
  private long connectionId;
  private int sentByPort;
  private IntSupplier sentByPortSource;

  /**
   * Fills it.
   *
   * @param newSocket by which it came, and by which the answer leaves.
   * @param rawAddress 4 or 16 bytes of the peer's IP address; copied.
   * @param newPort the peer's.
   * @param newConnectionId of the stream; 0 with UDP.
   * @return this.
   */
  public CoreHop set(CoreSocket newSocket, byte[] rawAddress, int newPort, long newConnectionId) {
    return set(newSocket, rawAddress, 0, rawAddress.length, newPort, newConnectionId);
  }

  CoreHop set(
      CoreSocket newSocket,
      byte[] from,
      int offset,
      int length,
      int newPort,
      long newConnectionId) {
    socket = newSocket;
    addressLength = length;
    System.arraycopy(from, offset, address, 0, length);
    port = newPort;
    connectionId = newConnectionId;
    sentByPort = 0;
    return this;
  }

  public CoreSocket socket() {
    return socket;
  }

  /** The first {@link #addressLength} bytes are the peer's IP address; not to be written to. */
  public byte[] address() {
    return address;
  }

  /** 4 or 16. */
  public int addressLength() {
    return addressLength;
  }

  public int port() {
    return port;
  }

  /** 0 with UDP. */
  public long connectionId() {
    return connectionId;
  }

  /**
   * The port where a new connection for an answer goes if the old one is no more (C-43); 0 if that
   * is not known, then the transport's default.
   */
  public int sentByPort() {
    if (sentByPort == NOT_ASKED) {
      sentByPort = sentByPortSource.getAsInt();
    }
    return sentByPort;
  }

  /** Says it; 0 if it is not known. */
  public void sentByPort(int value) {
    sentByPort = value;
  }

  /** Says who tells it when it is asked for, which is rare and takes time. */
  void sentByPort(IntSupplier source) {
    sentByPort = NOT_ASKED;
    sentByPortSource = source;
  }
}
