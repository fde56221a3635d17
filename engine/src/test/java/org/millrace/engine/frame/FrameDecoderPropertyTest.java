package org.millrace.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.millrace.engine.reference.Decided;
import org.millrace.engine.reference.Event;
import org.millrace.engine.reference.ReferenceDecoder;

class FrameDecoderPropertyTest {
  private final DecoderDriver driver = new DecoderDriver();

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void decodesAnyConversationAsTheReferenceDoes(
      @ForAll("conversations") Conversation conversation) {
    final int[] ends = conversation.readEnds();
    final List<Decided> exact =
        ReferenceDecoder.decode(conversation.rules(), conversation.stream());

    assertThat(
            driver.decode(conversation.rules(), conversation.stream(), conversation.base(), ends))
        .isEqualTo(Decided.inReads(exact, ends));
    collectOutcome(exact);
  }

  @Provide
  Arbitrary<Conversation> conversations() {
    return Conversations.any();
  }

  /** A generator that has gone stale would prove nothing and still be green. */
  private static void collectOutcome(List<Decided> decided) {
    final List<Event> events = decided.stream().map(Decided::event).toList();
    final boolean message = events.stream().anyMatch(Event.Message.class::isInstance);
    final boolean failed = events.stream().anyMatch(Event.Failed.class::isInstance);
    Statistics.label("message").collect(message);
    Statistics.label("message").coverage(seen -> seen.check(true).percentage(p -> p > 20));
    Statistics.label("failure").collect(failed);
    Statistics.label("failure")
        .coverage(
            seen -> {
              seen.check(true).percentage(p -> p > 20);
              seen.check(false).percentage(p -> p > 20);
            });
  }
}
