package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.Target;

/** Datagrams to targets that come and go. */
class UdpTransportTest {
  private static final String OPTIONS = "OPTIONS sip:core SIP/2.0\r\n\r\n";

  /** A router may have chosen it just before, and CANCEL follows its INVITE. */
  @Test
  void aTargetThatIsGoneIsStillReachedForAWhile() throws Exception {
    try (CoreRig rig = new CoreRig(CoreRig.socket("udp", 1, CoreTransport.UDP));
        UdpPeer core = new UdpPeer("127.0.0.1")) {
      final Target target = rig.target("udp", core.address(), CoreRig.upstream(), "127.0.0.1");
      rig.transports().update(List.of(), List.of());
      assertThat(rig.send(target, OPTIONS)).isEqualTo(SendResult.SENT);
      assertThat(core.receive()).isEqualTo(OPTIONS);
    }
  }
}
