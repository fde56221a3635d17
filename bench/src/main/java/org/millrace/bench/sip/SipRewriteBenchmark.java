package org.millrace.bench.sip;

import java.text.ParseException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A browser's INVITE through the edge to the core, and the core's 200 back: read, checked, routed,
 * branch and tokens made or verified, rewritten. Beside it the reference stack reads and writes the
 * same messages, without any of the rest.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SipRewriteBenchmark {
  private final RewritingEdge requests = new RewritingEdge();
  private final RewritingEdge responses = new RewritingEdge();
  private final JainSip jain = new JainSip();
  private byte[] invite;
  private byte[] ok;

  @Setup
  public void prepare() {
    invite = Calls.invite();
    requests.load(invite).toCore();
    responses.load(invite).toCore();
    ok = Calls.ok(responses.sent());
    responses.load(ok);
  }

  @Benchmark
  public int inviteToCore() {
    return requests.toCore();
  }

  @Benchmark
  public int okToClient() {
    return responses.toClient();
  }

  @Benchmark
  public byte[] inviteJainSip() throws ParseException {
    return jain.parseAndEncode(invite);
  }

  @Benchmark
  public byte[] okJainSip() throws ParseException {
    return jain.parseAndEncode(ok);
  }

  /** What the last {@link #inviteToCore} sent. */
  byte[] sentToCore() {
    return requests.sent();
  }

  /** What the last {@link #okToClient} sent. */
  byte[] sentToClient() {
    return responses.sent();
  }
}
