package org.millrace.engine.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.frame.Role;
import org.millrace.engine.reference.FrameVectors;

/**
 * All WS and UT vectors as whole conversations, however their bytes arrive. What happens does not
 * depend on that; when it happens does, and is checked after each read.
 */
class VectorTest {
  /** Up to this length every split point is tried. */
  private static final int SHORT = 600;

  private static final int SAMPLES = 40;
  private static final int NEIGHBOURS = 15;

  static List<ConversationVector> vectors() {
    return Stream.of(WsVectors.all(), UtVectors.all(), clientTwins())
        .flatMap(List::stream)
        .toList();
  }

  /** The same frames sent by a server: what a client makes of them is the reference's word. */
  private static List<ConversationVector> clientTwins() {
    return FrameVectors.all().stream()
        .filter(vector -> vector.rules().role() == Role.CLIENT)
        .map(ReferenceVector::of)
        .toList();
  }

  static List<ConversationVector> vectorsWithInput() {
    return vectors().stream().filter(vector -> vector.length() > 0).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void holdsInOneRead(ConversationVector vector) {
    run(vector, false, List.of(Reads.whole()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectorsWithInput")
  void holdsAtEverySplitPoint(ConversationVector vector) {
    run(vector, false, splits(vector));
  }

  @ParameterizedTest(name = "WS-04 {0}")
  @MethodSource("vectorsWithInput")
  void holdsByteByByte(ConversationVector vector) {
    run(vector, false, List.of(Reads.byteByByte()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectorsWithInput")
  void holdsWhenTheRingIsFull(ConversationVector vector) {
    final List<Reads> ways = new ArrayList<>(List.of(Reads.whole(), Reads.byteByByte()));
    ways.addAll(splits(vector));
    run(vector, true, ways);
  }

  private static void run(ConversationVector vector, boolean ringFull, List<Reads> ways) {
    try (VectorRunner runner = new VectorRunner(vector, ringFull)) {
      ways.forEach(runner::run);
    }
  }

  private static List<Reads> splits(ConversationVector vector) {
    return positions(vector).stream().map(Reads::splitAt).toList();
  }

  /** All of a short vector; of a long one those about the ends of steps, and some between. */
  private static Set<Integer> positions(ConversationVector vector) {
    final Set<Integer> positions = new TreeSet<>();
    final int length = vector.length();
    for (int i = 1; i < length; i += length <= SHORT ? 1 : length / SAMPLES) {
      positions.add(i);
    }
    int end = 0;
    for (ConversationVector.Step step : vector.steps()) {
      for (int i = end - NEIGHBOURS; i <= end + NEIGHBOURS; i++) {
        if (i > 0 && i < length) {
          positions.add(i);
        }
      }
      end += step.in().length();
    }
    return positions;
  }
}
