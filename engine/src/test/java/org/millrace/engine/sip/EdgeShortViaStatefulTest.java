package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.SipClient.startLine;
import static org.millrace.engine.sip.SipClient.values;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys instead of tokens in our Via (C-44), on a path with transactions. */
class EdgeShortViaStatefulTest extends StatefulPath {
  @Override
  EdgeRig rig(TransactionSettings settings) {
    final EdgeRig made =
        new EdgeRig(new EdgeProxyContext().viaKeys(8).transactions(settings, QUEUE, () -> woken++));
    made.targets(one, two);
    return made;
  }

  @Test
  void answersPass() {
    says(INVITE);
    final String invite = rig.coreHears();
    assertThat(values(invite, "Via").get(0)).containsPattern(";eflow=[A-Za-z0-9_-]{12};");
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 100 Trying");
    answers(invite, "180 Ringing");
    assertThat(startLine(alice.hears())).isEqualTo("SIP/2.0 180 Ringing");
  }

  @Test
  void whatCouldNotBeSentGoesToTheNextTarget() {
    says(INVITE);
    final String invite = rig.coreHears();
    unsent(one, invite);
    assertThat(rig.coreGets().target()).isSameAs(two);
    final List<String> heard = alice.hearsAll();
    assertThat(heard).hasSize(1);
    assertThat(startLine(heard.get(0))).isEqualTo("SIP/2.0 100 Trying");
  }
}
