package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.ConfigurationException;

class ViaKeysTest {
  private final byte[] found = new byte[ViaKeys.MAX_LENGTH];

  private static byte[] token(int number) {
    return "%028d%012d".formatted(7L * number, number).getBytes(US_ASCII);
  }

  private String find(ViaKeys keys, int number) {
    final byte[] text = "branch=x;eflow=%012d;eloop=1".formatted(number).getBytes(US_ASCII);
    return new String(found, 0, keys.find(text, "branch=x;eflow=".length(), found), US_ASCII);
  }

  @Test
  void whatIsStoredIsFoundByItsEnd() {
    final ViaKeys keys = new ViaKeys(1024);
    assertThat(find(keys, 1)).isEmpty();
    assertThat(keys.store(token(1), 40, 0)).isTrue();
    assertThat(find(keys, 1)).isEqualTo(new String(token(1), US_ASCII));
    assertThat(find(keys, 2)).isEmpty();
  }

  @Test
  void whatIsUsedStaysAndTheOldestMakesRoom() {
    final ViaKeys keys = new ViaKeys(8);
    for (int i = 0; i < 8; i++) {
      keys.store(token(i), 40, Long.MAX_VALUE - 4 + i); // time may overflow
    }
    keys.store(token(0), 40, Long.MAX_VALUE + 10);
    keys.store(token(8), 40, Long.MAX_VALUE + 11);
    assertThat(find(keys, 1)).isEmpty();
    for (final int i : new int[] {0, 2, 3, 4, 5, 6, 7, 8}) {
      assertThat(find(keys, i)).as("%d", i).isEqualTo(new String(token(i), US_ASCII));
    }
  }

  /** The reference: the eight last used, all of which have one bucket. */
  @Property(tries = 200)
  void itHasWhatWasUsedLast(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 20) Integer> numbers) {
    final ViaKeys keys = new ViaKeys(8);
    final Map<Integer, Integer> last = new LinkedHashMap<>();
    int now = 0;
    for (final int number : numbers) {
      assertThat(keys.store(token(number), 40, now++)).isTrue();
      last.remove(number);
      last.put(number, now);
    }
    final List<Integer> kept = List.copyOf(last.keySet());
    for (int number = 0; number <= 20; number++) {
      final boolean expected = kept.lastIndexOf(number) >= kept.size() - 8 && kept.contains(number);
      assertThat(find(keys, number).isEmpty()).isEqualTo(!expected);
    }
  }

  @Test
  void theLongestTokenFits() {
    final ViaKeys keys = new ViaKeys(8);
    final byte[] longest = "x".repeat(52).concat("abcdefghijkl").getBytes(US_ASCII);
    keys.store(longest, 64, 0);
    assertThat(keys.find("abcdefghijkl".getBytes(US_ASCII), 0, found)).isEqualTo(64);
    assertThat(found).isEqualTo(longest);
  }

  @Test
  void sizesAreChecked() {
    assertThatThrownBy(() -> new ViaKeys(0)).isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> new ViaKeys(ViaKeys.MAX_ENTRIES + 1))
        .isInstanceOf(ConfigurationException.class);
  }
}
