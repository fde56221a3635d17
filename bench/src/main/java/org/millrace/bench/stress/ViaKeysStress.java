package org.millrace.bench.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.millrace.engine.sip.ViaKeys;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads store tokens that have the same key where there is room for eight, while a third one
 * looks for it. It finds nothing or a token, never parts of two.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Came first, or met a writer.")
@Outcome(
    id = {"1", "2"},
    expect = Expect.ACCEPTABLE,
    desc = "Found one of them.")
@Outcome(id = "-1", expect = Expect.FORBIDDEN, desc = "Found parts of both.")
@State
public class ViaKeysStress {
  private static final byte[] KEY = "abcdefghijkl".getBytes(US_ASCII);
  private static final byte[] FIRST = token('1');
  private static final byte[] SECOND = token('2');

  private final ViaKeys keys = new ViaKeys(8);
  private final byte[] found = new byte[ViaKeys.MAX_LENGTH];

  private static byte[] token(char filler) {
    final byte[] token = new byte[ViaKeys.MAX_LENGTH];
    Arrays.fill(token, (byte) filler);
    System.arraycopy(KEY, 0, token, token.length - KEY.length, KEY.length);
    return token;
  }

  @Actor
  public void first() {
    keys.store(FIRST, FIRST.length, 1);
  }

  @Actor
  public void second() {
    keys.store(SECOND, SECOND.length, 2);
  }

  @Actor
  public void reader(I_Result result) {
    final int length = keys.find(KEY, 0, found);
    if (length == 0) {
      result.r1 = 0;
    } else if (Arrays.equals(found, FIRST)) {
      result.r1 = 1;
    } else {
      result.r1 = Arrays.equals(found, SECOND) ? 2 : -1;
    }
  }
}
