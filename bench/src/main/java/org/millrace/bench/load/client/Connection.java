package org.millrace.bench.load.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A WebSocket connection of a client, from its opening handshake on. Whatever goes wrong with it is
 * counted and ends it; nothing is thrown at the caller.
 */
public final class Connection implements FrameReader.Sink {
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** FIN, and the bit that says that a masking key follows, which is 0 here. */
  private static final int FIN = 0x80;

  private static final int MASKED = 0x80;
  private static final int CONTROL_HEADER = 6;
  private static final int RESPONSE = 16 * 1024;

  private enum State {
    UPGRADING,
    OPEN,
    GONE
  }

  /** Who has to know what becomes of a connection. */
  interface Owner {
    /** It has something to send: {@link #flush} is to be called in this cycle. */
    void wake(Connection connection);

    /** Whether its socket is to be watched for room. */
    void watchWritable(boolean watch);

    /** Whether its socket is to be watched for bytes; it is from the beginning. */
    void watchReadable(boolean watch);

    void opened();

    /** Bytes have come just now. */
    void arrived();

    /** It has ended, with an error if there is a reason. */
    void gone(String reason);
  }

  private final Wire wire;
  private final Owner owner;
  private final Conversation conversation;
  private final Upgrade upgrade;
  private final FrameReader frames = new FrameReader();
  private ByteBuffer response;
  private State state = State.UPGRADING;
  private boolean blocked;
  private boolean awake;

  Connection(Wire wire, Owner owner, Conversation conversation, Upgrade upgrade) {
    this.wire = wire;
    this.owner = owner;
    this.conversation = conversation;
    this.upgrade = upgrade;
  }

  public boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isGone() {
    return state == State.GONE;
  }

  Conversation conversation() {
    return conversation;
  }

  /** The socket is connected: the handshake begins. */
  void connected() {
    try {
      write(upgrade.request());
    } catch (IOException e) {
      end(reason(e));
    }
  }

  /** Something is due: what is due by the end of the cycle leaves in one write. */
  public void wake() {
    if (!awake && !blocked && state == State.OPEN) {
      awake = true;
      owner.wake(this);
    }
  }

  /** Sends what is due, as long as the socket takes it. */
  void flush() {
    awake = false;
    try {
      while (!blocked && state == State.OPEN) {
        final ByteBuffer batch = conversation.nextBatch();
        if (batch == null) {
          return;
        }
        write(batch);
      }
    } catch (IOException e) {
      end(reason(e));
    }
  }

  /** Sends frames now, before anything that is due. */
  public void write(ByteBuffer bytes) throws IOException {
    if (!wire.write(bytes) && !blocked) {
      blocked = true;
      owner.watchWritable(true);
    }
  }

  void writable() {
    try {
      if (wire.flush()) {
        blocked = false;
        owner.watchWritable(false);
        flush();
      }
    } catch (IOException e) {
      end(reason(e));
    }
  }

  /** Takes what the socket has. */
  void readable(ByteBuffer buffer) {
    try {
      do {
        final int length = wire.read(buffer.clear());
        if (length < 0) {
          throw new EOFException(
              state == State.OPEN
                  ? "the server ended a connection"
                  : "the server ended a connection during the opening handshake");
        }
        owner.arrived();
        buffer.flip();
        if (state == State.UPGRADING) {
          upgrading(buffer);
        }
        if (state == State.OPEN && buffer.hasRemaining()) {
          frames.read(buffer, this);
        }
      } while (state != State.GONE && wire.hasMore());
    } catch (IOException e) {
      end(reason(e));
    }
  }

  private void upgrading(ByteBuffer buffer) throws IOException {
    if (response == null) {
      response = ByteBuffer.allocate(RESPONSE);
    }
    final int before = response.position();
    final int length = Math.min(buffer.remaining(), response.remaining());
    response.put(buffer.slice(buffer.position(), length));
    final int end = upgrade.end(response);
    buffer.position(buffer.position() + (end < 0 ? length : end - before));
    if (end >= 0) {
      response = null;
      state = State.OPEN;
      owner.opened();
      conversation.opened(this);
    }
  }

  @Override
  public void data(ByteBuffer bytes, int from, int to, boolean first, boolean last)
      throws IOException {
    conversation.received(bytes, from, to, first, last);
  }

  @Override
  public void control(int opcode, byte[] payload, int length) throws IOException {
    if (opcode == PING) {
      write(frame(PONG, payload, length));
    } else if (opcode == CLOSE) {
      write(frame(CLOSE, payload, length));
      final int code = length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
      end(conversation.mayClose(code) ? null : "the server closed a connection with " + code);
    }
  }

  /** A control frame of a client; its masking key is 0, so its payload is what it is. */
  private static ByteBuffer frame(int opcode, byte[] payload, int length) {
    return ByteBuffer.allocate(CONTROL_HEADER + length)
        .put((byte) (FIN | opcode))
        .put((byte) (MASKED | length))
        .putInt(0)
        .put(payload, 0, length)
        .flip();
  }

  /** Whether its socket is read; it is from the beginning. */
  public void read(boolean wanted) {
    if (state == State.OPEN) {
      owner.watchReadable(wanted);
    }
  }

  /** Takes what the socket has, but no more than a buffer holds. */
  public void readOnce(ByteBuffer buffer) {
    if (state == State.OPEN) {
      readable(buffer);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Asks the server for the closing handshake, with 1000. */
  public void close() throws IOException {
    write(frame(CLOSE, new byte[] {0x03, (byte) 0xE8}, 2));
  }

  /**
   * Ends it at once.
   *
   * @param reason if that is an error, else null.
   */
  public void end(String reason) {
    if (state != State.GONE) {
      state = State.GONE;
      wire.close();
      owner.gone(conversation.mayEnd() ? null : reason);
      conversation.gone();
    }
  }
}
