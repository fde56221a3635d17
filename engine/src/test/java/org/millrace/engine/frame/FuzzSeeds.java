package org.millrace.engine.frame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.reference.FrameVector;
import org.millrace.engine.reference.FrameVectors;

/**
 * The seeds of {@link FrameDecoderFuzzTest}: one vector of each WS id and some of the UT ones. The
 * main method writes them to the directory given, which is the test's inputs in the resources.
 */
final class FuzzSeeds {
  private static final int LONGEST = 200;
  private static final Set<String> TEXTS =
      Set.of("UT-12", "UT-19", "UT-23", "UT-30", "UT-31", "UT-32", "UT-33");
  private static final Set<String> FOR_CLIENT = Set.of("WS-05", "WS-09", "WS-12", "WS-33", "UT-31");

  private FuzzSeeds() {}

  public static void main(String[] arguments) throws IOException {
    final Path directory = Files.createDirectories(Path.of(arguments[0]));
    for (Map.Entry<String, byte[]> seed : all().entrySet()) {
      Files.write(directory.resolve(seed.getKey()), seed.getValue());
    }
  }

  /** The seeds by file name. */
  static Map<String, byte[]> all() {
    final Map<String, byte[]> seeds = new LinkedHashMap<>();
    for (FrameVector vector : FrameVectors.all()) {
      final String id = vector.id();
      final String role = vector.rules().role().name().toLowerCase(Locale.ROOT);
      final boolean wanted =
          switch (vector.rules().role()) {
            case SERVER -> !id.startsWith("UT") || TEXTS.contains(id);
            case CLIENT -> FOR_CLIENT.contains(id) || id.equals("WS-30");
          };
      if (wanted && vector.stream().length() <= LONGEST) {
        seeds.putIfAbsent(id + "-" + role, FuzzInput.of(conversation(vector, seeds.size())));
      }
    }
    return seeds;
  }

  private static Conversation conversation(FrameVector vector, int number) {
    final List<Integer> cuts = List.of(1 + number % 3, 3 + number % 11);
    return Conversation.cut(vector.rules(), vector.stream(), number % 4, cuts);
  }
}
