package org.millrace.engine.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ids and names that others rely on (F-3). */
class EngineCounterTest {
  /** As F-3 has them, but for the four about handshakes, which the engine does not see. */
  private static final List<String> KAMAILIO =
      List.of(
          "ws_current_connections",
          "ws_max_concurrent_connections",
          "ws_sip_current_connections",
          "ws_sip_max_concurrent_connections",
          "ws_msrp_current_connections",
          "ws_msrp_max_concurrent_connections",
          "ws_failed_connections",
          "ws_sip_failed_connections",
          "ws_msrp_failed_connections",
          "ws_local_closed_connections",
          "ws_sip_local_closed_connections",
          "ws_msrp_local_closed_connections",
          "ws_remote_closed_connections",
          "ws_sip_remote_closed_connections",
          "ws_msrp_remote_closed_connections",
          "ws_received_frames",
          "ws_sip_received_frames",
          "ws_msrp_received_frames",
          "ws_transmitted_frames",
          "ws_sip_transmitted_frames",
          "ws_msrp_transmitted_frames");

  @Test
  void kamailiosNamesAreAllThereAndNoOthersLookLikeThem() {
    assertThat(labels().filter(label -> label.startsWith("ws_")))
        .containsExactlyInAnyOrderElementsOf(KAMAILIO);
  }

  @Test
  void everyOtherNameSaysThatItIsOurs() {
    assertThat(labels().filter(label -> !KAMAILIO.contains(label)))
        .isNotEmpty()
        .allMatch(label -> label.matches("millrace_[a-z][a-z_]*[a-z]"));
  }

  @Test
  void idsAndNamesAreUnique() {
    assertThat(labels()).doesNotHaveDuplicates();
    assertThat(Stream.of(EngineCounter.values()).map(EngineCounter::id))
        .doesNotHaveDuplicates()
        .allMatch(id -> id >= 0 && id < EngineCounter.idLimit());
  }

  /** An id is never given to another meaning: a new counter gets a new line here. */
  @Test
  void idsStayWhatTheyAre() {
    assertThat(Stream.of(EngineCounter.values()).map(c -> c.id() + " " + c.label()))
        .startsWith(
            "0 ws_current_connections",
            "1 ws_sip_current_connections",
            "2 ws_msrp_current_connections",
            "3 ws_max_concurrent_connections",
            "4 ws_sip_max_concurrent_connections",
            "5 ws_msrp_max_concurrent_connections",
            "6 ws_failed_connections",
            "7 ws_sip_failed_connections",
            "8 ws_msrp_failed_connections",
            "9 ws_local_closed_connections",
            "10 ws_sip_local_closed_connections",
            "11 ws_msrp_local_closed_connections",
            "12 ws_remote_closed_connections",
            "13 ws_sip_remote_closed_connections",
            "14 ws_msrp_remote_closed_connections",
            "15 ws_received_frames",
            "16 ws_sip_received_frames",
            "17 ws_msrp_received_frames",
            "18 ws_transmitted_frames",
            "19 ws_sip_transmitted_frames",
            "20 ws_msrp_transmitted_frames",
            "32 millrace_opened_connections",
            "33 millrace_closed_connections",
            "34 millrace_refused_connections",
            "35 millrace_received_bytes",
            "36 millrace_transmitted_bytes",
            "37 millrace_received_messages",
            "38 millrace_writes",
            "39 millrace_stalls",
            "40 millrace_back_pressured_sends",
            "41 millrace_dropped_sends",
            "42 millrace_discarded_messages",
            "43 millrace_pings_sent",
            "44 millrace_pongs_confirmed",
            "45 millrace_pings_received",
            "46 millrace_dead_peers",
            "47 millrace_handler_errors",
            "48 millrace_errors",
            "49 millrace_max_cycle_time_ns",
            "50 millrace_cycle_stalls",
            "51 millrace_pooled_bytes",
            "52 millrace_pooled_bytes_in_use",
            "53 millrace_stream_current_connections",
            "54 millrace_stream_failed_connections",
            "55 millrace_stream_received_messages",
            "56 millrace_stream_transmitted_messages");
  }

  @Test
  void twinsAreThoseOfTheSubProtocol() {
    for (final EngineCounter counter : EngineCounter.values()) {
      if (counter.label().matches("ws_(?!sip_|msrp_).*")) {
        assertThat(counter.of(SubProtocol.OTHER)).isNull();
        assertThat(counter.of(SubProtocol.SIP).label())
            .isEqualTo(counter.label().replace("ws_", "ws_sip_"));
        assertThat(counter.of(SubProtocol.MSRP).label())
            .isEqualTo(counter.label().replace("ws_", "ws_msrp_"));
      }
    }
  }

  private static Stream<String> labels() {
    return Arrays.stream(EngineCounter.values()).map(EngineCounter::label);
  }
}
