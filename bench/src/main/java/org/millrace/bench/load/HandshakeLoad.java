package org.millrace.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Clients that come and go: connect, opening handshake, closing handshake, end of the connection,
 * which the server has to bring about (RFC 6455, section 7.1.1). A few at a time, all on the
 * calling thread.
 */
public final class HandshakeLoad {
  /** A Close with 1000, masked with a key of zeros. */
  private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE8};

  /** The answer to it. */
  private static final byte[] CLOSED = {(byte) 0x88, 0x02, 0x03, (byte) 0xE8};

  private static final int PATIENCE_MS = 30_000;

  private final InetSocketAddress server;
  private final int atATime;
  private final OpeningHandshake handshake;
  private IOException failure;
  private int begun;
  private int ended;

  public HandshakeLoad(InetSocketAddress server, int atATime) {
    this.server = server;
    this.atATime = atATime;
    handshake = new OpeningHandshake(server);
  }

  /**
   * Lets so many clients come and go.
   *
   * @throws WrongAnswerException if one of them is treated otherwise than it should be.
   */
  public void run(int clients) throws IOException {
    begun = 0;
    ended = 0;
    try (Selector selector = Selector.open()) {
      try {
        while (begun < Math.min(atATime, clients)) {
          begin(selector);
        }
        while (ended < clients) {
          final int before = ended;
          if (selector.select(this::onReady, PATIENCE_MS) == 0) {
            throw new WrongAnswerException(clients - ended + " clients wait in vain");
          }
          if (failure != null) {
            throw failure;
          }
          for (int i = before; i < ended && begun < clients; i++) {
            begin(selector);
          }
        }
      } finally {
        for (final SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    }
  }

  private void begin(Selector selector) throws IOException {
    begun++;
    final SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    final Client client = new Client(channel);
    if (channel.connect(server)) {
      channel.register(selector, SelectionKey.OP_READ, client);
      client.onConnected();
    } else {
      channel.register(selector, SelectionKey.OP_CONNECT, client);
    }
  }

  private void onReady(SelectionKey key) {
    final Client client = (Client) key.attachment();
    try {
      if (key.isConnectable()) {
        client.channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        client.onConnected();
      } else if (client.onReadable()) {
        client.channel.close();
        ended++;
      }
    } catch (IOException e) {
      failure = e;
      key.cancel();
    }
  }

  private final class Client {
    private final SocketChannel channel;
    private final ByteBuffer received = OpeningHandshake.responseBuffer();
    private boolean open;

    private Client(SocketChannel channel) {
      this.channel = channel;
    }

    private void onConnected() throws IOException {
      channel.write(handshake.request());
    }

    /** Returns whether the connection has ended as it should. */
    private boolean onReadable() throws IOException {
      if (channel.read(received) < 0) {
        if (!open) {
          throw new EOFException("the server ended the connection during the handshake");
        }
        requireClosed();
        return true;
      }
      if (!open && OpeningHandshake.isComplete(received)) {
        open = true;
        channel.write(ByteBuffer.wrap(CLOSE));
      }
      return false;
    }

    private void requireClosed() throws WrongAnswerException {
      final byte[] answer = new byte[received.flip().remaining()];
      received.get(answer);
      if (!Arrays.equals(answer, CLOSED)) {
        throw new WrongAnswerException(
            "Close 1000 was answered with: " + HexFormat.of().formatHex(answer));
      }
    }
  }
}
