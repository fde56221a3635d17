package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.harness.ManualClock;

/**
 * An edge proxy between clients and a core that are both only recorded, with the addresses, ids and
 * keys of the vectors. Line ends of headers are written as in Java text.
 */
final class EdgeRig implements FlowSender, CoreSender {
  static final long ALICE = 0x0001_0002_0000_0003L;
  static final long CAROL = 0x0001_0003_0000_0009L;
  static final long CORE_CONNECTION = 0x0000_0005_0000_0001L;
  static final String ALICE_TOKEN = "EQYAAAAHAAEAAgAAAAPI0R49ZwWDp64eiOaeRBfj";
  static final String CAROL_TOKEN = "EQYAAAAHAAEAAwAAAAkGokJwHYnVgrO4q9tz1laM";

  static final CoreSocket UDP_SOCKET = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);
  static final CoreSocket TCP_SOCKET = new CoreSocket(2, CoreTransport.TCP, "10.0.0.7", 5060);
  static final CoreSocket TLS_SOCKET = new CoreSocket(3, CoreTransport.TLS, "10.0.0.7", 5061);

  static final EdgePolicy POLICY = EdgePolicy.to("core");

  /** A request to the core, or with {@code target} null an answer to one of it. */
  record ToCore(Target target, Hop hop, boolean retransmit, String text) {}

  /** A copy of what a {@link CoreHop} said. */
  record Hop(int socket, String address, int port, long connectionId, int sentByPort) {}

  /** A message to a connection of a client. */
  record ToClient(long id, int opcode, String text) {}

  private final ManualClock clock = new ManualClock();
  private final UpstreamSet upstreams = new UpstreamSet();
  private final EdgeProxy proxy;
  private final CoreReceiver datagrams;
  private final CoreHop datagramHop = new CoreHop();
  private final List<ToCore> toCore = new ArrayList<>();
  private final List<ToClient> toClients = new ArrayList<>();
  private final Map<Long, Integer> results = new HashMap<>();
  private final Map<Target, Integer> coreResults = new HashMap<>();
  private final List<Long> closed = new ArrayList<>();
  private final Client core;

  /** A connection, of a client or the core's. */
  final class Client {
    private final long id;
    private final MessageHandler handler;
    private final Connection connection;

    private Client(long id, InetSocketAddress remote, MessageHandler handler) {
      this.id = id;
      this.handler = handler;
      connection =
          (Connection)
              Proxy.newProxyInstance(
                  EdgeRig.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (self, method, arguments) ->
                      switch (method.getName()) {
                        case "id" -> id;
                        case "remoteAddress" -> remote;
                        case "lastReceivedNs" -> clock.nanoTime();
                        case "send" ->
                            EdgeRig.this.send(
                                id,
                                (int) arguments[0],
                                (DirectBuffer) arguments[1],
                                (int) arguments[2],
                                (int) arguments[3]);
                        case "close" -> EdgeRig.this.close(id, (int) arguments[0], null);
                        default -> throw new UnsupportedOperationException(method.getName());
                      });
      handler.onOpened(connection);
    }

    Client says(String lines) {
      return saysExactly(SipClient.crlf(lines).getBytes(ISO_8859_1));
    }

    /** Somewhere in a buffer with other bytes around. */
    Client saysExactly(byte[] message) {
      final UnsafeBuffer buffer = new UnsafeBuffer(new byte[message.length + 30]);
      buffer.setMemory(0, buffer.capacity(), (byte) '\r');
      buffer.putBytes(13, message);
      handler.onMessage(connection, Opcode.BINARY, buffer, 13, message.length);
      return this;
    }

    /** The one message that this client has been sent since the last call. */
    String hears() {
      final List<String> messages = hearsAll();
      assertThat(messages).as("messages to %x", id).hasSize(1);
      return messages.get(0);
    }

    List<String> hearsAll() {
      final List<String> messages =
          toClients.stream().filter(m -> m.id == id).map(ToClient::text).toList();
      toClients.removeIf(m -> m.id == id);
      return messages;
    }

    void leaves() {
      handler.onClosing(connection);
      handler.onClosed(connection, null);
    }
  }

  EdgeRig() {
    this(new EdgeProxyContext());
  }

  EdgeRig(EdgeProxyContext context) {
    this(context, 1);
  }

  EdgeRig(EdgeProxyContext context, int currentKey) {
    this(context, currentKey, new SipContext());
  }

  EdgeRig(SipContext sipContext) {
    this(new EdgeProxyContext(), 1, sipContext);
  }

  private EdgeRig(EdgeProxyContext context, int currentKey, SipContext sipContext) {
    proxy =
        new EdgeProxy(
            keys(context)
                .currentFlowKey(currentKey)
                .node(7)
                .nanoClock(clock)
                .coreSockets(List.of(UDP_SOCKET, TCP_SOCKET, TLS_SOCKET)),
            sipContext,
            upstreams,
            this,
            this);
    datagrams = proxy.newReceiver();
    targets(target(TCP_SOCKET, "10.0.0.9", 5060));
    core =
        new Client(
            CORE_CONNECTION,
            new InetSocketAddress("10.0.0.9", 40112),
            proxy.newCoreHandler(TCP_SOCKET));
  }

  static EdgeProxyContext keys(EdgeProxyContext context) {
    return context.flowKey(1, key(0)).currentFlowKey(1).branchKey(key(32));
  }

  static byte[] key(int first) {
    final byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }

  static Target target(CoreSocket socket, String address, int port) {
    return new Target(
        socket.transport() + "/" + address, socket, new InetSocketAddress(address, port), 0, 1);
  }

  void targets(Target... targets) {
    upstreams.update(Map.of("core", List.of(targets)));
  }

  EdgeProxy proxy() {
    return proxy;
  }

  ManualClock clock() {
    return clock;
  }

  long counter(SipCounter counter) {
    return proxy.counters().get(counter);
  }

  // ---- clients ----

  Client alice() {
    return client(ALICE, POLICY);
  }

  Client carol() {
    return client(CAROL, POLICY);
  }

  Client client(long id, EdgePolicy policy) {
    return client(id, policy, null);
  }

  Client client(long id, EdgePolicy policy, String identity) {
    final InetSocketAddress remote = new InetSocketAddress("203.0.113.5", 51234);
    return new Client(
        id,
        remote,
        proxy.newHandler(new FlowInfo(true, "edge.example.com", 443, remote, identity), policy));
  }

  /** What becomes of messages to a connection from now on. */
  void result(long id, int result) {
    results.put(id, result);
  }

  void result(Target target, int result) {
    coreResults.put(target, result);
  }

  List<Long> closed() {
    return closed;
  }

  List<ToClient> toClients() {
    return toClients;
  }

  // ---- the core ----

  /** Says something over the connection of the core. */
  void coreSays(String lines) {
    core.says(lines);
  }

  Client core() {
    return core;
  }

  /** Sends a datagram. */
  void coreSends(String address, int port, String lines) {
    final byte[] bytes = SipClient.crlf(lines).getBytes(ISO_8859_1);
    final byte[] raw = new InetSocketAddress(address, port).getAddress().getAddress();
    datagrams.onMessage(
        datagramHop.set(UDP_SOCKET, raw, port, 0), new UnsafeBuffer(bytes), 0, bytes.length);
  }

  ToCore coreGets() {
    assertThat(toCore).as("messages to the core").hasSize(1);
    return toCore.remove(0);
  }

  List<ToCore> coreGetsAll() {
    final List<ToCore> all = List.copyOf(toCore);
    toCore.clear();
    return all;
  }

  String coreHears() {
    return coreGets().text;
  }

  void coreHearsNothing() {
    assertThat(toCore).as("messages to the core").isEmpty();
  }

  void nobodyHearsAnything() {
    coreHearsNothing();
    assertThat(toClients).isEmpty();
  }

  // ---- what the proxy sends with ----

  @Override
  public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
    final int result = results.getOrDefault(id, SendResult.SENT);
    if (SendResult.isAccepted(result)) {
      toClients.add(new ToClient(id, opcode, Text.of(buffer, offset, length)));
    }
    return result;
  }

  @Override
  public boolean close(long id, int code, String reason) {
    closed.add(id);
    return true;
  }

  @Override
  public int send(Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
    final int result = coreResults.getOrDefault(target, SendResult.SENT);
    if (SendResult.isAccepted(result)) {
      toCore.add(new ToCore(target, null, retransmit, Text.of(buffer, offset, length)));
    }
    return result;
  }

  @Override
  public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
    final byte[] text = new byte[AddressText.LONGEST];
    final int addressLength = AddressText.write(hop.address(), hop.addressLength(), text);
    final Hop copy =
        new Hop(
            hop.socket().id(),
            new String(text, 0, addressLength, ISO_8859_1),
            hop.port(),
            hop.connectionId(),
            hop.sentByPort());
    toCore.add(new ToCore(null, copy, false, Text.of(buffer, offset, length)));
    return SendResult.SENT;
  }
}
