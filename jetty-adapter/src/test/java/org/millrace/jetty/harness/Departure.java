package org.millrace.jetty.harness;

import java.io.IOException;
import java.util.Random;

/** A way in which a client comes to its end, from wherever it has got to. */
public enum Departure {
  CLOSE_FRAME(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      client.sendHex("88 82 37 fa 21 3d 34 12");
    }
  },
  /** Closes the WebSocket connection, but never its socket. */
  CLOSE_FRAME_AND_STAY(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      client.sendHex("88 80 37 fa 21 3d");
    }
  },
  FIN(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      client.socket().shutdownOutput();
    }
  },
  RST(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      reset(client);
    }
  },
  SILENCE(true) {
    @Override
    void leave(RawClient client, Random random) {}
  },
  VIOLATION(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      client.sendHex("81 05 48 65 6c 6c 6f");
    }
  },
  MID_FRAME_FIN(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      sendPart(client, random, RawClient.masked(0x82, new byte[1000]));
      client.socket().shutdownOutput();
    }
  },
  MID_FRAME_RST(true) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      sendPart(client, random, RawClient.masked(0x02, new byte[1000]));
      reset(client);
    }
  },
  MID_HANDSHAKE_FIN(false) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      sendPart(client, random, HEAD);
      client.socket().shutdownOutput();
    }
  },
  MID_HANDSHAKE_RST(false) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      sendPart(client, random, HEAD);
      reset(client);
    }
  },
  MID_HANDSHAKE_SILENCE(false) {
    @Override
    void leave(RawClient client, Random random) throws IOException {
      sendPart(client, random, HEAD);
    }
  },
  BEFORE_HANDSHAKE_SILENCE(false) {
    @Override
    void leave(RawClient client, Random random) {}
  };

  private static final byte[] HEAD =
      RawClient.request("/echo", "echo").getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final boolean upgraded;

  Departure(boolean upgraded) {
    this.upgraded = upgraded;
  }

  /** Whether the WebSocket connection is open before. */
  public boolean isUpgraded() {
    return upgraded;
  }

  abstract void leave(RawClient client, Random random) throws IOException;

  private static void sendPart(RawClient client, Random random, byte[] whole) throws IOException {
    client.send(java.util.Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1)));
  }

  private static void reset(RawClient client) throws IOException {
    client.resetOnClose();
    client.socket().close();
  }
}
