package org.millrace.jetty.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;

/** Many clients that come, say a word, and leave in every way that there is. */
public final class Swarm {
  /** First bytes of a ClientHello. */
  private static final String HALF_A_HELLO = "16 03 01 02 00 01 00 01 fc 03 03";

  private static final String PATH = "/echo";
  private static final int PING = 0x89;

  private final InetSocketAddress ws;
  private final InetSocketAddress wss;
  private final Random random;
  private final List<RawClient> clients = new ArrayList<>();
  private int upgraded;

  public Swarm(InetSocketAddress ws, InetSocketAddress wss, long seed) {
    this.ws = ws;
    this.wss = wss;
    random = new Random(seed);
  }

  /** WebSocket connections opened so far. */
  public int upgraded() {
    return upgraded;
  }

  /** So many clients come at once and leave. */
  public void wave(int size) throws IOException {
    final Departure[] departures = Departure.values();
    final List<Departure> plan = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      final Departure departure = departures[i % departures.length];
      // An odd number of ways, so that each comes with and without TLS.
      final boolean secure = i / departures.length % 2 == 0;
      if (departure == Departure.BEFORE_HANDSHAKE_SILENCE && secure) {
        clients.add(RawClient.connect(wss).sendHex(HALF_A_HELLO));
      } else {
        clients.add(come(departure, secure));
      }
      plan.add(departure);
    }
    for (int i = 0; i < size; i++) {
      leave(clients.get(i), plan.get(i));
    }
    for (final RawClient client : clients) {
      awaitEnd(client);
    }
    clients.clear();
  }

  private RawClient come(Departure departure, boolean secure) throws IOException {
    final RawClient client = secure ? RawClient.connectTls(wss) : RawClient.connect(ws);
    if (departure.isUpgraded()) {
      final String head = client.upgrade(PATH, "echo");
      if (!head.startsWith("HTTP/1.1 101 ")) {
        throw new AssertionError(head);
      }
      upgraded++;
      client.sendText("hello");
      if (!readMessage(client).equals("hello")) {
        throw new AssertionError("not echoed");
      }
    }
    return client;
  }

  /** The next one that is no ping: a slow machine may have been quiet for long enough for one. */
  private static String readMessage(RawClient client) throws IOException {
    RawClient.Frame frame = client.readFrame();
    while (frame.firstByte() == PING) {
      frame = client.readFrame();
    }
    return frame.text();
  }

  private void leave(RawClient client, Departure departure) throws IOException {
    try {
      departure.leave(client, random);
    } catch (SocketException | SSLException e) {
      // It had to wait for the others for so long that the server has ended it before.
    }
  }

  /** The server has to end every connection that its client does not. */
  private static void awaitEnd(RawClient client) throws IOException {
    try (client) {
      if (!client.socket().isClosed()) {
        client.readToEnd();
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server has not ended " + client.socket(), e);
    } catch (SocketException | SSLException e) {
      // Reset: an end like any other.
    }
  }
}
