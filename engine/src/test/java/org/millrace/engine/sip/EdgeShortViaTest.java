package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.CORE_INVITE;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.SipClient.values;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Our Via with keys instead of tokens (C-44). */
class EdgeShortViaTest {
  private final EdgeRig rig = new EdgeRig(new EdgeProxyContext().viaKeys(8));
  private final EdgeRig.Client alice = rig.alice();
  private final EdgeRig.Client carol = rig.carol();

  private static String answer(String request) {
    final StringBuilder answer = new StringBuilder("SIP/2.0 200 OK\n");
    for (final String line : request.split("\r\n\r\n", 2)[0].lines().toList()) {
      if (line.matches("(Via|From|To|Call-ID|CSeq): .*")) {
        answer.append(line).append('\n');
      }
    }
    return answer + "Content-Length: 0\n\n";
  }

  private static String edited(String answer, String regex, String replacement) {
    final String edited = answer.replaceFirst(regex, replacement);
    assertThat(edited).isNotEqualTo(answer);
    return edited;
  }

  @Test
  void theCoreSeesAKeyAndItsAnswerComesBack() {
    alice.says(INVITE);
    final String invite = rig.coreHears();
    assertThat(values(invite, "Via").get(0))
        .isEqualTo(
            "SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bKe1._IwgzN-c_9ZCo932;eflow="
                + EdgeRig.ALICE_TOKEN.substring(28)
                + ";eloop=2395072b");
    assertThat(values(invite, "Record-Route").get(1)).contains(EdgeRig.ALICE_TOKEN);
    rig.coreSays(answer(invite));
    assertThat(values(alice.hears(), "Via")).hasSize(1);
  }

  @Test
  void aRequestThatIsRepeatedHasTheSameKey() {
    rig.coreSays(CORE_INVITE);
    final String first = alice.hears();
    rig.coreSays(CORE_INVITE);
    assertThat(alice.hears()).isEqualTo(first);
  }

  @Test
  void theClientSeesAKeyAndItsAnswerGoesBack() {
    rig.coreSays(CORE_INVITE);
    final String invite = alice.hears();
    assertThat(values(invite, "Via").get(0)).containsPattern(";eret=[A-Za-z0-9_-]{12};eloop=");
    alice.says(answer(invite));
    assertThat(rig.coreGets().hop().connectionId()).isEqualTo(EdgeRig.CORE_CONNECTION);
  }

  @Test
  void aKeyIsGoodForItsTransactionOnly() {
    rig.coreSays(CORE_INVITE);
    final String invite = alice.hears();
    alice.says(edited(answer(invite), "(branch=z9hG4bKe1\\.)....", "$1AAAA"));
    alice.says(edited(answer(invite), "(eret=)....", "$1AAAA"));
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isEqualTo(2);
  }

  @Test
  void aKeyOfAFlowIsNoneOfATransaction() {
    alice.says(INVITE);
    final String key = EdgeRig.ALICE_TOKEN.substring(28);
    rig.coreHears();
    rig.coreSays(CORE_INVITE);
    carol.says(edited(answer(alice.hears()), "eret=[^;]*", "eret=" + key));
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isEqualTo(1);
  }

  /** Eight have room here; Alice's was used first. */
  @Test
  void theAnswerToWhatHasMadeRoomIsDropped() {
    alice.says(INVITE);
    final String invite = rig.coreHears();
    for (int i = 0; i < 8; i++) {
      rig.clock().advance(Duration.ofMillis(1));
      rig.coreSays(CORE_INVITE.replace("z9hG4bKcore88", "z9hG4bKcore88" + i));
      alice.hears();
    }
    rig.coreSays(answer(invite));
    rig.nobodyHearsAnything();
    assertThat(rig.counter(SipCounter.FOREIGN_RESPONSES)).isEqualTo(1);
  }
}
