package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuzzSeedsTest {
  @Test
  void seedsInTheTreeAreTheVectors() throws IOException {
    for (Map.Entry<String, byte[]> seed : FuzzSeeds.all().entrySet()) {
      final String name = "FrameDecoderFuzzTestInputs/decodesAsTheReferenceDoes/" + seed.getKey();
      try (InputStream file = getClass().getResourceAsStream(name)) {
        assertThat(file).as(name).isNotNull().hasBinaryContent(seed.getValue());
      }
    }
  }

  @Test
  void parsesWhatItWrites() {
    for (byte[] seed : FuzzSeeds.all().values()) {
      assertThat(FuzzInput.of(FuzzInput.parse(seed))).isEqualTo(seed);
    }
  }
}
