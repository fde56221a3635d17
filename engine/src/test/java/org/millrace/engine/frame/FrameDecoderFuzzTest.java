package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.ReferenceDecoder;

/** Replays {@link FuzzSeeds} unless the environment has JAZZER_FUZZ=1; then it searches. */
@Tag("fuzz")
class FrameDecoderFuzzTest {
  private final DecoderDriver driver = new DecoderDriver();

  @FuzzTest(maxDuration = "60s")
  void decodesAsTheReferenceDoes(byte[] input) {
    final Conversation conversation = FuzzInput.parse(input);
    final int[] ends = conversation.readEnds();
    final List<Decided> exact =
        ReferenceDecoder.decode(conversation.rules(), conversation.stream());

    assertThat(
            driver.decode(conversation.rules(), conversation.stream(), conversation.base(), ends))
        .isEqualTo(Decided.inReads(exact, ends));
  }
}
