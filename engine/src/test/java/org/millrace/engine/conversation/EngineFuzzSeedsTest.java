package org.millrace.engine.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millrace.engine.reference.FrameVector;
import org.millrace.engine.reference.FrameVectors;
import org.millrace.engine.reference.ReferenceDecoder;

class EngineFuzzSeedsTest {
  @Test
  void seedsInTheTreeAreTheVectors() throws IOException {
    for (Map.Entry<String, byte[]> seed : EngineFuzzSeeds.all().entrySet()) {
      final String name =
          "EngineFuzzTestInputs/makesOfAnyBytesWhatTheReferenceDoes/" + seed.getKey();
      try (InputStream file = getClass().getResourceAsStream(name)) {
        assertThat(file).as(name).isNotNull().hasBinaryContent(seed.getValue());
      }
    }
  }

  @Test
  void parsesWhatItWrites() {
    final FrameVector vector = FrameVectors.all().get(0);
    final EngineFuzzInput input =
        EngineFuzzInput.parse(EngineFuzzInput.of(vector.rules(), vector.stream(), 4, 3));

    assertThat(input.stream())
        .isEqualTo(
            new PeerStream(
                vector.rules(),
                vector.stream(),
                ReferenceDecoder.decode(vector.rules(), vector.stream())));
    assertThat(input.blocked()).isTrue();
    assertThat(input.reads())
        .containsExactly(
            new EngineFuzzInput.Read(4, true, false),
            new EngineFuzzInput.Read(4, false, true),
            new EngineFuzzInput.Read(3, false, false));
  }
}
