package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Not a test of ChaCha20, but of what a slip around it would show. The bounds are six standard
 * deviations and more away, so that chance breaks none of them in the life of the project.
 */
class SecureMaskingKeysTest {
  private static final int COUNT = 100_000;

  /** Keys in one refill block; the tests cross almost fifty of them. */
  private static final int KEYS_PER_BLOCK = 2048;

  private final int[] keys = draw(COUNT);

  /** Of 100 000 random ints one pair or so is equal by chance. */
  @Test
  void hardlyEverRepeatsAKey() {
    assertThat(Arrays.stream(keys).distinct().count()).isGreaterThan(COUNT - 20);
  }

  @Test
  void hardlyEverRepeatsTheStepFromKeyToKey() {
    final long steps = IntStream.range(1, COUNT).map(i -> keys[i] ^ keys[i - 1]).distinct().count();

    assertThat(steps).isGreaterThan(COUNT - 20);
  }

  @Test
  void repeatsNothingFromBlockToBlock() {
    final long same =
        IntStream.range(KEYS_PER_BLOCK, COUNT)
            .filter(i -> keys[i] == keys[i - KEYS_PER_BLOCK])
            .count();

    assertThat(same).isLessThan(5);
  }

  @Test
  void setsEveryBitHalfOfTheTime() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      final int mask = 1 << bit;
      final long set = Arrays.stream(keys).filter(key -> (key & mask) != 0).count();
      assertThat(set).as("bit %d", bit).isBetween(COUNT / 2 - 1000L, COUNT / 2 + 1000L);
    }
  }

  @Test
  void flipsEveryBitHalfOfTheTime() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      final int mask = 1 << bit;
      final long flipped =
          IntStream.range(1, COUNT).filter(i -> ((keys[i] ^ keys[i - 1]) & mask) != 0).count();
      assertThat(flipped).as("bit %d", bit).isBetween(COUNT / 2 - 1000L, COUNT / 2 + 1000L);
    }
  }

  @Test
  void isKeyedAnewByEveryInstance() {
    final int[] others = draw(COUNT);
    final long same = IntStream.range(0, COUNT).filter(i -> keys[i] == others[i]).count();

    assertThat(same).isLessThan(5);
    assertThat(IntStream.concat(Arrays.stream(keys), Arrays.stream(others)).distinct().count())
        .isGreaterThan(2 * COUNT - 40);
  }

  private static int[] draw(int count) {
    final MaskingKeys source = new SecureMaskingKeys();
    return IntStream.generate(source::next).limit(count).toArray();
  }
}
