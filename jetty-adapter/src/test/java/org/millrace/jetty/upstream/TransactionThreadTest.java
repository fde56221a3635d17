package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.sip.CoreHop;
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
import org.millrace.engine.sip.TransactionSettings;
import org.millrace.engine.sip.UpstreamSet;

/** The thread of transactions parks, and is woken by whatever is handed over. */
@Timeout(120)
class TransactionThreadTest {
  private static final long CLIENT = 0x0001_0002_0000_0003L;
  private static final int ROUNDS = 20_000;
  private static final CoreSocket SOCKET = new CoreSocket(1, CoreTransport.UDP, "10.0.0.7", 5060);

  private final AtomicInteger sent = new AtomicInteger();
  private volatile Thread sender;
  private volatile Throwable error;

  private static void until(BooleanSupplier condition) {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** To a core, and to clients, that take everything. */
  private EdgeProxy proxy(TransactionThread thread) {
    final UpstreamSet upstreams = new UpstreamSet();
    final InetSocketAddress address = new InetSocketAddress("10.0.0.9", 5060);
    upstreams.update(Map.of("core", List.of(new Target("one", SOCKET, address, 0, 1))));
    return new EdgeProxy(
        new EdgeProxyContext()
            .flowKey(1, new byte[16])
            .currentFlowKey(1)
            .branchKey(new byte[16])
            .coreSockets(List.of(SOCKET))
            .transactions(TransactionSettings.DEFAULT, 64 * 1024, thread::wake),
        new SipContext(),
        upstreams,
        new FlowSender() {
          @Override
          public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
            return SendResult.SENT;
          }

          @Override
          public boolean close(long id, int code, String reason) {
            return true;
          }
        },
        new CoreSender() {
          @Override
          public int send(
              Target target, DirectBuffer buffer, int offset, int length, boolean retransmit) {
            sender = Thread.currentThread();
            sent.incrementAndGet();
            return SendResult.SENT;
          }

          @Override
          public int reply(CoreHop hop, DirectBuffer buffer, int offset, int length) {
            return SendResult.SENT;
          }
        });
  }

  private static final class Client {
    private final MessageHandler handler;
    private final Connection connection;

    private Client(EdgeProxy proxy) {
      final InetSocketAddress remote = new InetSocketAddress("203.0.113.5", 51234);
      handler =
          proxy.newHandler(
              new FlowInfo(true, "edge.example.com", 443, remote, null),
              EdgePolicy.to("core").withTransactions(EdgePolicy.Transactions.TRANSACTION));
      connection =
          (Connection)
              Proxy.newProxyInstance(
                  Client.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (self, method, arguments) ->
                      switch (method.getName()) {
                        case "id" -> CLIENT;
                        case "remoteAddress" -> remote;
                        default -> throw new UnsupportedOperationException(method.getName());
                      });
      handler.onOpened(connection);
    }

    /** An ACK, which is sent on and leaves nothing behind. */
    void says(int number) {
      final byte[] message =
          """
          ACK sip:bob@example.com SIP/2.0
          Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK%d
          Max-Forwards: 70
          To: <sip:bob@example.com>;tag=b0b
          From: <sip:alice@example.com>;tag=al1ce
          Call-ID: call-1
          CSeq: 1 ACK
          Content-Length: 0

          """
              .formatted(number)
              .replace("\n", "\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      handler.onMessage(connection, Opcode.BINARY, new UnsafeBuffer(message), 0, message.length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 32})
  void nothingHandedOverIsMissedHoweverItMeetsTheParking(int maxSpins) {
    final TransactionThread thread = new TransactionThread(maxSpins);
    final EdgeProxy proxy = proxy(thread);
    thread.start(proxy.transactionAgent(), it -> error = it);
    try (thread) {
      final Client client = new Client(proxy);
      for (int i = 1; i <= ROUNDS; i++) {
        final int number = i;
        client.says(number);
        until(() -> sent.get() == number);
      }
      until(() -> sender.getState() == Thread.State.WAITING);
    }
    assertThat(sender.isAlive()).isFalse();
    assertThat(error).isNull();
  }

  @Test
  void anInterruptDoesNotKeepItAwake() {
    final TransactionThread thread = new TransactionThread();
    final EdgeProxy proxy = proxy(thread);
    thread.start(proxy.transactionAgent(), it -> error = it);
    try (thread) {
      final Client client = new Client(proxy);
      client.says(1);
      until(() -> sender != null && sender.getState() == Thread.State.WAITING);
      sender.interrupt();
      until(() -> !sender.isInterrupted() && sender.getState() == Thread.State.WAITING);
      client.says(2);
      until(() -> sent.get() == 2);
    }
  }

  @Test
  void whatWasHandedOverBeforeTheEndIsSent() {
    final TransactionThread thread = new TransactionThread();
    final EdgeProxy proxy = proxy(thread);
    final Client client = new Client(proxy);
    for (int i = 0; i < 100; i++) {
      client.says(i);
    }
    thread.start(proxy.transactionAgent(), it -> error = it);
    thread.close();
    assertThat(sent.get()).isEqualTo(100);
    assertThat(error).isNull();
  }

  @Test
  void aThreadThatWasNeverStartedEnds() {
    final TransactionThread thread = new TransactionThread();
    thread.wake();
    thread.close();
    assertThat(sender).isNull();
  }
}
