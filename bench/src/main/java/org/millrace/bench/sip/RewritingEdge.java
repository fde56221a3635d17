package org.millrace.bench.sip;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.ConnectionState;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.sip.CoreHop;
import org.millrace.engine.sip.CoreReceiver;
import org.millrace.engine.sip.CoreSender;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.EdgePolicy;
import org.millrace.engine.sip.EdgeProxy;
import org.millrace.engine.sip.EdgeProxyContext;
import org.millrace.engine.sip.FlowInfo;
import org.millrace.engine.sip.FlowSender;
import org.millrace.engine.sip.SipContext;
import org.millrace.engine.sip.Target;
import org.millrace.engine.sip.UpstreamSet;

/** The edge's routing alone, with one client and one core: what it sends lies in memory. */
final class RewritingEdge implements FlowSender, CoreSender {
  private static final int LONGEST = 8192;
  private static final byte[] CORE_ADDRESS = {10, 0, 0, 9};
  private static final int CORE_PORT = 5060;

  private final CoreSocket socket = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);
  private final CoreHop hop = new CoreHop().set(socket, CORE_ADDRESS, CORE_PORT, 0);
  private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
  private final UnsafeBuffer sent = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
  private final Client client = new Client();
  private final MessageHandler handler;
  private final CoreReceiver receiver;
  private int messageLength;
  private int sentLength;

  RewritingEdge() {
    final UpstreamSet upstreams = new UpstreamSet();
    upstreams.update(
        Map.of(
            "core",
            List.of(
                new Target(
                    "core/udp:10.0.0.9:5060",
                    socket,
                    new InetSocketAddress("10.0.0.9", CORE_PORT),
                    1,
                    1))));
    final EdgeProxy proxy =
        new EdgeProxy(
            new EdgeProxyContext()
                .coreSockets(List.of(socket))
                .flowKey(1, new byte[32])
                .currentFlowKey(1)
                .branchKey(new byte[32]),
            new SipContext(),
            upstreams,
            this,
            this);
    handler =
        proxy.newHandler(
            new FlowInfo(
                false, "edge.example.com", 80, new InetSocketAddress("203.0.113.5", 51234), null),
            EdgePolicy.to("core"));
    handler.onOpened(client);
    receiver = proxy.newReceiver();
  }

  /** The message of the next calls. */
  RewritingEdge load(byte[] bytes) {
    message.putBytes(0, bytes);
    messageLength = bytes.length;
    return this;
  }

  /** Returns the length of what went to the core. */
  int toCore() {
    sentLength = 0;
    handler.onMessage(client, Opcode.TEXT, message, 0, messageLength);
    return sentLength;
  }

  /** Returns the length of what went to the client. */
  int toClient() {
    sentLength = 0;
    receiver.onMessage(hop, message, 0, messageLength);
    return sentLength;
  }

  /** What was sent last. */
  byte[] sent() {
    final byte[] bytes = new byte[sentLength];
    sent.getBytes(0, bytes);
    return bytes;
  }

  private int take(DirectBuffer buffer, int offset, int length) {
    sent.putBytes(0, buffer, offset, length);
    sentLength = length;
    return SendResult.SENT;
  }

  @Override
  public int send(long connectionId, int opcode, DirectBuffer buffer, int offset, int length) {
    return take(buffer, offset, length);
  }

  @Override
  public boolean close(long connectionId, int code, String reason) {
    return false;
  }

  @Override
  public int send(Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
    return take(buffer, offset, length);
  }

  @Override
  public int reply(CoreHop target, DirectBuffer buffer, int offset, int length) {
    return take(buffer, offset, length);
  }

  /** A connection that does nothing but have an id. */
  private static final class Client implements Connection {
    private static final long ID = 0x0001_0002_0000_0000L;

    @Override
    public long id() {
      return ID;
    }

    @Override
    public ConnectionState state() {
      return ConnectionState.OPEN;
    }

    @Override
    public ConnectionContext context() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int send(int opcode, DirectBuffer buffer, int offset, int length) {
      return SendResult.SENT;
    }

    @Override
    public boolean close(int code, String reason) {
      return false;
    }

    @Override
    public boolean ping() {
      return false;
    }

    @Override
    public boolean pong() {
      return false;
    }

    @Override
    public boolean isAwaitingPong() {
      return false;
    }

    @Override
    public int queuedBytes() {
      return 0;
    }

    @Override
    public long lastReceivedNs() {
      return 0;
    }

    @Override
    public long openedNs() {
      return 0;
    }

    @Override
    public int rttMicros() {
      return -1;
    }

    @Override
    public SocketAddress localAddress() {
      return null;
    }

    @Override
    public SocketAddress remoteAddress() {
      return null;
    }

    @Override
    public Object attachment() {
      return null;
    }

    @Override
    public void attach(Object attachment) {}
  }
}
