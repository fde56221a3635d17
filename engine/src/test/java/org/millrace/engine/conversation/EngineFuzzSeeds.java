package org.millrace.engine.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.reference.FrameVector;
import org.millrace.engine.reference.FrameVectors;

/**
 * The seeds of {@link EngineFuzzTest}: one vector of some ids in each role. The main method writes
 * them to the directory given, which is the test's inputs in the resources.
 */
final class EngineFuzzSeeds {
  private static final Set<String> IDS =
      Set.of(
          "WS-01", "WS-05", "WS-06", "WS-08", "WS-09", "WS-12", "WS-18", "WS-23", "WS-27", "WS-31",
          "WS-33", "WS-36", "UT-12", "UT-30", "UT-31");

  private EngineFuzzSeeds() {}

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
      final String name = vector.id() + "-" + vector.rules().role().name().toLowerCase(Locale.ROOT);
      if (IDS.contains(vector.id()) && !seeds.containsKey(name)) {
        final int number = seeds.size();
        seeds.put(
            name, EngineFuzzInput.of(vector.rules(), vector.stream(), 3 + number % 17, number));
      }
    }
    return seeds;
  }
}
