package org.millrace.bench.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.millrace.engine.sip.ViaKeys;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads store a token each where there is room for both: neither takes the other's place. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Both are found.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One has taken the other's place.")
@State
public class ViaKeysTwiceStress {
  private static final byte[] FIRST = "1234567890abcdefghijkl".getBytes(US_ASCII);
  private static final byte[] SECOND = "0987654321lkjihgfedcba".getBytes(US_ASCII);
  private static final int KEY = FIRST.length - ViaKeys.KEY_LENGTH;

  private final ViaKeys keys = new ViaKeys(8);
  private boolean firstStored;
  private boolean secondStored;

  @Actor
  public void first() {
    firstStored = keys.store(FIRST, FIRST.length, 1);
  }

  @Actor
  public void second() {
    secondStored = keys.store(SECOND, SECOND.length, 1);
  }

  @Arbiter
  public void found(ZZ_Result result) {
    final byte[] found = new byte[ViaKeys.MAX_LENGTH];
    result.r1 = !firstStored || keys.find(FIRST, KEY, found) == FIRST.length;
    result.r2 = !secondStored || keys.find(SECOND, KEY, found) == SECOND.length;
  }
}
