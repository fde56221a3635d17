package org.millrace.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that have each had one message echoed and do nothing more. */
public final class IdleLoad implements AutoCloseable {
  private final List<SocketChannel> channels = new ArrayList<>();

  /** Opens them one after the other. */
  public IdleLoad(InetSocketAddress server, int connections, int payload) throws IOException {
    final EchoTraffic traffic = new EchoTraffic(payload);
    final OpeningHandshake handshake = new OpeningHandshake(server);
    final ByteBuffer frames = traffic.frames();
    final ByteBuffer answers = traffic.answers();
    final ByteBuffer received = ByteBuffer.allocateDirect(traffic.answerLength());
    try {
      for (int i = 0; i < connections; i++) {
        final SocketChannel channel = handshake.connect(server);
        channels.add(channel);
        traffic.select(frames, 0, 1);
        channel.write(frames);
        received.clear();
        while (received.hasRemaining()) {
          if (channel.read(received) < 0) {
            throw new EOFException("the server ended a connection");
          }
        }
        traffic.check(received.flip(), 0, answers);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** How many there are. */
  public int connections() {
    return channels.size();
  }

  /** Ends them without a closing handshake. */
  @Override
  public void close() throws IOException {
    for (final SocketChannel channel : channels) {
      channel.close();
    }
  }
}
