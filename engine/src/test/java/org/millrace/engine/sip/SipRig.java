package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.EngineContext;
import org.millrace.engine.ThreadingMode;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.harness.ManualClock;
import org.millrace.engine.harness.TestWire;
import org.millrace.engine.status.EngineCounter;

/**
 * An embedded core on an engine in invoker mode and a clock of its own. When closed it ends all
 * connections, then nothing may be left of them and the error log must be empty.
 */
final class SipRig implements AutoCloseable, FlowSender {
  static final String HOST = "edge.example.com";

  private final ManualClock clock = new ManualClock();
  private final Engine engine;
  private final EmbeddedCore core;
  private final List<SipClient> clients = new ArrayList<>();

  SipRig() {
    this(1, new EmbeddedCoreContext());
  }

  SipRig(int shards) {
    this(shards, new EmbeddedCoreContext());
  }

  SipRig(EmbeddedCoreContext context) {
    this(1, context);
  }

  SipRig(int shards, EmbeddedCoreContext context) {
    engine =
        Engine.launch(
            new EngineContext()
                .threadingMode(ThreadingMode.INVOKER)
                .shards(shards)
                .maxConnections(64)
                .ringCapacity(1 << 20)
                .nanoClock(clock)
                .seed(42));
    core = new EmbeddedCore(context.nanoClock(clock), new SipContext(), this);
  }

  EmbeddedCore core() {
    return core;
  }

  long counter(SipCounter counter) {
    return core.counters().get(counter);
  }

  /** Connections go to the shards in turn. */
  SipClient open(String name) {
    return open(name, (String) null);
  }

  SipClient open(String name, String identity) {
    return open(
        name, new FlowInfo(true, HOST, 443, new InetSocketAddress("203.0.113.5", 51234), identity));
  }

  SipClient open(String name, FlowInfo info) {
    final TestWire wire = new TestWire();
    final ConnectionContext context =
        new ConnectionContext()
            .keepAliveTimeout(Duration.ofDays(2))
            .maxMessageSize(1 << 20)
            .conclude();
    assertThat(engine.open(context, wire, core.newHandler(info))).isTrue();
    step();
    final SipClient client = new SipClient(this, name, wire);
    clients.add(client);
    return client;
  }

  void step() {
    for (int cycles = 0; engine.doWork() > 0; cycles++) {
      assertThat(cycles).as("the engine comes to rest").isLessThan(100_000);
    }
  }

  /** Lets time pass for the engine and for the core. */
  void advance(Duration time) {
    clock.advance(time);
    step();
    core.poll();
    step();
  }

  /** Lets time pass without anybody being called. */
  void passUnnoticed(Duration time) {
    clock.advance(time);
  }

  @Override
  public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
    return engine.send(id, opcode, buffer, offset, length);
  }

  @Override
  public boolean close(long id, int code, String reason) {
    return engine.close(id, code, reason);
  }

  @Override
  public void close() {
    for (final SipClient client : clients) {
      if (!client.wire().isClosed()) {
        client.wire().fail(new IOException("end of test"));
      }
    }
    step();
    assertThat(core.flowCount()).as("flows left").isZero();
    assertThat(core.bindingCount()).as("bindings left").isZero();
    assertThat(engine.counter(EngineCounter.POOLED_BYTES_IN_USE)).isZero();
    engine.close();
    assertThat(engine.errorLog().observations()).as("errors").isZero();
  }
}
