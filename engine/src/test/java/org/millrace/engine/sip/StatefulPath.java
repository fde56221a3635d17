package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.EdgeMessages.INVITE;
import static org.millrace.engine.sip.SipClient.values;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** A client whose path has transactions, and a core of two targets; for tests to build on. */
@SuppressWarnings("StringConcatToTextBlock") // lines are put together
abstract class StatefulPath {
  static final int QUEUE = 64 * 1024;

  final Target one = target("one", EdgeRig.UDP_SOCKET, "10.0.0.9", 0, null);
  final Target two = target("two", EdgeRig.TCP_SOCKET, "10.0.0.10", 1, null);
  int woken;
  EdgeRig rig = rig(TransactionSettings.DEFAULT);
  EdgeRig.Client alice = rig.client(EdgeRig.ALICE, policy(EdgePolicy.Transactions.TRANSACTION));

  static Target target(String name, CoreSocket socket, String address, int priority, Target twin) {
    return new Target(
        name, socket, new InetSocketAddress(address, 5060), priority, 1, twin, Set.of());
  }

  /** Begins again with other bounds. */
  void restart(TransactionSettings settings) {
    rig = rig(settings);
    alice = rig.client(EdgeRig.ALICE, policy(EdgePolicy.Transactions.TRANSACTION));
  }

  EdgeRig rig(TransactionSettings settings) {
    final EdgeRig made =
        new EdgeRig(new EdgeProxyContext().transactions(settings, QUEUE, () -> woken++));
    made.targets(one, two);
    return made;
  }

  static EdgePolicy policy(EdgePolicy.Transactions transactions) {
    return EdgePolicy.to("core").withTransactions(transactions);
  }

  /** Takes a turn of the thread that keeps transactions. */
  void works() {
    while (rig.proxy().transactionAgent().doWork() > 0) {
      // until nothing is left
    }
  }

  void says(String request) {
    alice.says(request);
    works();
  }

  void passes(Duration time) {
    rig.clock().advance(time);
    works();
  }

  static String answer(String request, String status) {
    final StringBuilder answer = new StringBuilder("SIP/2.0 " + status + "\n");
    for (final String name : List.of("Via", "Record-Route", "From", "Call-ID", "CSeq")) {
      values(request, name).forEach(it -> answer.append(name + ": " + it + "\n"));
    }
    return answer + "To: " + values(request, "To").get(0) + ";tag=b0b\nContent-Length: 0\n\n";
  }

  /** The core answers a request, by UDP or by TCP as its Via says. */
  void answers(String request, String status) {
    if (values(request, "Via").get(0).startsWith("SIP/2.0/UDP")) {
      rig.coreSends("10.0.0.9", 5060, answer(request, status));
    } else {
      rig.coreSays(answer(request, status));
    }
    works();
  }

  static String branch(String message) {
    return values(message, "Via").get(0).replaceAll(".*;branch=([^;]*).*", "$1");
  }

  /** What follows the branch in our Via. */
  static String marks(String message) {
    return values(message, "Via").get(0).replaceAll(".*;branch=[^;]*", "");
  }

  String coreHears(Target by) {
    final EdgeRig.ToCore sent = rig.coreGets();
    assertThat(sent.target()).isSameAs(by);
    return sent.text();
  }

  List<String> aliceHears() {
    return alice.hearsAll().stream().map(SipClient::startLine).toList();
  }

  /** An INVITE that has got to the first target. */
  String calls() {
    says(INVITE);
    assertThat(aliceHears()).containsExactly("SIP/2.0 100 Trying");
    return coreHears(one);
  }

  void unsent(Target target, String message) {
    final byte[] bytes = message.getBytes(ISO_8859_1);
    rig.proxy().newUndelivered().onUnsent(target, new UnsafeBuffer(bytes), 0, bytes.length);
    works();
  }
}
