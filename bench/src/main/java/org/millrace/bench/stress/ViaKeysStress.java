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
 * A token takes the place of another one that has the same key, while somebody looks for that key.
 * A whole token is found, never parts of two.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found the old one.")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Found the new one.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Met the writer, and found one beside it.")
@Outcome(id = "-1", expect = Expect.FORBIDDEN, desc = "Found parts of two.")
@State
public class ViaKeysStress {
  private static final int ROOM = 8;
  private static final byte[] KEY = "abcdefghijkl".getBytes(US_ASCII);
  private static final byte[][] OTHERS = new byte[ROOM - 1][];
  private static final byte[] OLD = token('1');
  private static final byte[] NEW = token('2');

  static {
    for (int i = 0; i < OTHERS.length; i++) {
      OTHERS[i] = token((char) ('A' + i));
    }
  }

  private final ViaKeys keys = new ViaKeys(ROOM);
  private final byte[] found = new byte[ViaKeys.MAX_LENGTH];

  public ViaKeysStress() {
    keys.store(OLD, OLD.length, 1);
    for (final byte[] other : OTHERS) {
      keys.store(other, other.length, 2);
    }
  }

  private static byte[] token(char filler) {
    final byte[] token = new byte[ViaKeys.MAX_LENGTH];
    Arrays.fill(token, (byte) filler);
    System.arraycopy(KEY, 0, token, token.length - KEY.length, KEY.length);
    return token;
  }

  @Actor
  public void writer() {
    keys.store(NEW, NEW.length, 3);
  }

  @Actor
  public void reader(I_Result result) {
    keys.find(KEY, 0, found);
    if (Arrays.equals(found, OLD)) {
      result.r1 = 1;
    } else if (Arrays.equals(found, NEW)) {
      result.r1 = 2;
    } else {
      result.r1 = Arrays.equals(found, OTHERS[0]) ? 0 : -1;
    }
  }
}
