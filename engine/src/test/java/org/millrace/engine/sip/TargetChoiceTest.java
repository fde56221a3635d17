package org.millrace.engine.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** C-6, C-11, C-65, C-70, C-72: where requests go. */
class TargetChoiceTest {
  private static final CoreSocket UDP = socket(1, CoreTransport.UDP);
  private static final CoreSocket TCP = socket(2, CoreTransport.TCP);
  private static final CoreSocket TLS = socket(3, CoreTransport.TLS);

  private final TargetChoice choice = new TargetChoice(64);
  private final Target a = target("a", UDP, "10.0.0.1", 5060, 1, 10);
  private final Target b = target("b", UDP, "10.0.0.2", 5060, 1, 10);
  private final Target spare = target("spare", UDP, "10.0.0.3", 5060, 2, 10);
  private final byte[] branch = Octets.ascii("z9hG4bKe1.abcdefgh");

  private static CoreSocket socket(int id, CoreTransport transport) {
    return new CoreSocket(id, transport, "10.0.0.7", transport.defaultPort());
  }

  private static Target target(
      String name, CoreSocket socket, String ip, int port, int priority, int weight) {
    return new Target(name, socket, address(ip, port), priority, weight);
  }

  private static InetSocketAddress address(String ip, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static SipMessage invite(String callId) {
    return Text.parsed(Text.request("INVITE", "sip:bob@example.com", callId, ""));
  }

  private static SipMessage register(String to) {
    final String text = Text.request("REGISTER", "sip:example.com", "r" + to.hashCode(), "");
    return Text.parsed(text.replace("<sip:bob@example.com>", to));
  }

  private Map<Target, Integer> shares(List<Target> group, int calls) {
    final Map<Target, Integer> shares = new HashMap<>();
    for (int i = 0; i < calls; i++) {
      shares.merge(choice.choose(group, invite("call-" + i)), 1, Integer::sum);
    }
    return shares;
  }

  @Test
  void sharesAreAsTheWeights() {
    final Target heavy = target("heavy", UDP, "10.0.0.4", 5060, 1, 30);
    final Map<Target, Integer> shares = shares(List.of(a, b, heavy), 10_000);
    assertThat(shares.get(a)).isCloseTo(2000, within(200));
    assertThat(shares.get(b)).isCloseTo(2000, within(200));
    assertThat(shares.get(heavy)).isCloseTo(6000, within(300));
  }

  @Test
  void onlyTheCallsOfATargetThatGoesMove() {
    final Target c = target("c", UDP, "10.0.0.5", 5060, 1, 10);
    final List<Target> group = List.of(a, b, c);
    final List<Target> before = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      before.add(choice.choose(group, invite("call-" + i)));
    }
    b.health(Target.Health.DOWN);
    for (int i = 0; i < 1000; i++) {
      final Target now = choice.choose(group, invite("call-" + i));
      assertThat(now).isIn(a, c);
      if (before.get(i) != b) {
        assertThat(now).isSameAs(before.get(i));
      }
    }
    assertThat(before).contains(a, b, c);
  }

  @Test
  void weightZeroGetsTheRemains() {
    final Target none = target("none", UDP, "10.0.0.6", 5060, 1, 0);
    assertThat(shares(List.of(a, none), 5_000).getOrDefault(none, 0)).isLessThan(50);
    assertThat(shares(List.of(none), 10)).containsOnlyKeys(none);
  }

  @Test
  void priorityGoesFirstInWhateverOrder() {
    final List<Target> group = List.of(spare, a, b);
    assertThat(shares(group, 100)).containsOnlyKeys(a, b);
    a.health(Target.Health.DOWN);
    b.health(Target.Health.DOWN);
    assertThat(shares(group, 100)).containsOnlyKeys(spare);
    spare.health(Target.Health.DOWN);
    assertThat(choice.choose(group, invite("call"))).isNull();
    assertThat(choice.choose(List.of(), invite("call"))).isNull();
  }

  @Test
  void drainingKeepsItsDialogsAndGetsNothingNew() {
    final List<Target> group = List.of(a, b);
    for (int i = 0; i < 50; i++) {
      a.health(Target.Health.UP);
      final Target before = choice.choose(group, invite("call-" + i));
      a.health(Target.Health.DRAINING);
      assertThat(choice.choose(group, invite("call-" + i))).isSameAs(b);
      final String bye = Text.request("BYE", "sip:bob@example.com", "call-" + i, "");
      final SipMessage inDialog = Text.parsed(bye.replace("com>\nFrom", "com>;tag=2\nFrom"));
      assertThat(choice.choose(group, inDialog)).isSameAs(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<sip:bob@example.com>, Bob <sip:bob@EXAMPLE.com:5060;transport=ws>;x=1",
    "<sip:bob@example.com>, <sips:%62o%62@example.com>",
  })
  void registrationsOfOneUserMeet(String one, String other) {
    final Rendezvous rendezvous = new Rendezvous();
    assertThat(rendezvous.key(register(one))).isEqualTo(rendezvous.key(register(other)));
    assertThat(rendezvous.key(register(one)))
        .isNotEqualTo(rendezvous.key(register("<sip:Bob@example.com>")));
  }

  @Test
  void ep26CancelAndAckFollowTheInviteWhenHealthFlips() {
    final List<Target> group = List.of(a, b);
    final SipMessage invite = invite("call-1");
    final Target first = choice.choose(group, invite);
    assertThat(choice.remembered(invite, branch, branch.length, 0)).isNull();
    choice.sent(invite, first, branch, branch.length, 0);
    first.health(Target.Health.DOWN);
    for (final String method : List.of("CANCEL", "ACK", "INVITE")) {
      final SipMessage later = Text.parsed(Text.request(method, "sip:b@x", "call-1", ""));
      assertThat(choice.remembered(later, branch, branch.length, TargetChoice.LIFETIME_NS - 1))
          .isSameAs(first);
      assertThat(choice.remembered(later, branch, branch.length, TargetChoice.LIFETIME_NS))
          .isNull();
    }
    final SipMessage other = Text.parsed(Text.request("BYE", "sip:b@x", "call-1", ""));
    assertThat(choice.remembered(other, branch, branch.length, 1)).isNull();
    assertThat(choice.choose(group, invite)).isNotSameAs(first).isNotNull();
  }

  @Test
  void onlyInvitesAreRemembered() {
    final SipMessage message = Text.parsed(Text.request("MESSAGE", "sip:b@x", "c", ""));
    choice.sent(message, a, branch, branch.length, 0);
    assertThat(choice.remembered(invite("c"), branch, branch.length, 1)).isNull();
  }

  @Test
  void fullMemoryForgetsWhatWouldGoFirst() {
    final TargetMemory memory = new TargetMemory(8);
    for (int key = 1; key <= 8; key++) {
      memory.put(key, a, key, 100);
    }
    memory.put(5, b, 6, 200); // anew
    memory.put(9, b, 9, 100);
    assertThat(memory.get(1, 10)).isNull();
    assertThat(memory.get(2, 10)).isSameAs(a);
    assertThat(memory.get(5, 10)).isSameAs(b);
    assertThat(memory.get(9, 10)).isSameAs(b);
  }

  @Test
  void sipsGoesOverTlsOnly() {
    final Target tls = target("tls", TLS, "10.0.0.4", 5061, 3, 1);
    final SipMessage sips = Text.parsed(Text.request("INVITE", "SIPS:bob@example.com", "c", ""));
    assertThat(choice.choose(List.of(a, b, tls), sips)).isSameAs(tls);
    assertThat(choice.choose(List.of(a, b), sips)).isNull();
  }

  // ---- named next hops ----

  private Target named(String uri, Target... targets) {
    final UpstreamSet upstreams = new UpstreamSet();
    upstreams.update(Map.of("core", List.of(targets)));
    final SipMessage message = Text.parsed(Text.request("BYE", uri, "c", ""));
    return choice.named(upstreams, message, message.uriOffset(), message.uriLength());
  }

  @ParameterizedTest
  @CsvSource({
    "sip:10.0.0.9, udp",
    "sip:x@10.0.0.9:5060;lr, udp",
    "sip:10.0.0.9:5060;transport=UDP;lr, udp",
    "sip:10.0.0.9;transport=tcp, tcp",
    "sip:Pbx.Example.COM, udp",
    "sip:pbx.example.com:5060;transport=Tcp, tcp",
    "sip:10.0.0.9;transport=tls, tls",
    "sip:10.0.0.9:5061, tls",
    "sips:10.0.0.9, tls",
    "sips:10.0.0.9;transport=tcp, tls",
    "sips:pbx.example.com, tls",
    "sip:[2001:DB8:0::9], six",
    "sip:[2001:db8::9]:5060;transport=ws, ",
    "sip:10.0.0.9:5062, ",
    "sip:10.0.0.9:5061;transport=udp, ",
    "sip:10.0.0.9;transport=sctp, ",
    "sip:10.0.0.90, ",
    "sip:example.com, ",
    "sip:198.51.100.66, ",
    "tel:+4910009, ",
    "sip:10.0.0.9:80;transport=ws, ws",
    "sip:010.0.0.9, ",
  })
  void nextHopIsFoundByAddressAndByName(String uri, String expected) {
    final Set<String> names = Set.of("pbx.example.COM", "pbx2");
    final Target tcp = new Target("tcp", TCP, address("10.0.0.9", 5060), 1, 1, null, names);
    final Target udp = new Target("udp", UDP, address("10.0.0.9", 5060), 9, 1, tcp, names);
    final Target tls = new Target("tls", TLS, address("10.0.0.9", 5061), 1, 1, null, names);
    final Target six = target("six", UDP, "2001:db8::9", 5060, 1, 1);
    final Target ws = target("ws", socket(5, CoreTransport.WS), "10.0.0.9", 80, 1, 1);
    final Target found = named(uri, tls, udp, six, ws);
    assertThat(found == null ? null : found.name()).isEqualTo(expected);
  }

  @Test
  void aNameOfSeveralMeansOneThatIsUp() {
    final Target one = new Target("1", UDP, address("10.0.0.1", 5060), 1, 1, null, Set.of("pbx"));
    final Target two = new Target("2", UDP, address("10.0.0.2", 5070), 1, 1, null, Set.of("pbx"));
    final Target first = named("sip:pbx", one, two);
    assertThat(named("sip:pbx", two, one)).isSameAs(first);
    first.health(Target.Health.DRAINING);
    final Target second = named("sip:pbx", one, two);
    assertThat(second).isNotSameAs(first);
    second.health(Target.Health.DOWN);
    assertThat(named("sip:pbx", one, two)).isSameAs(first);
    assertThat(named("sip:pbx:5070", one, two)).isSameAs(two);
  }

  @Test
  void groupsAreOrderedByPriority() {
    final UpstreamSet upstreams = new UpstreamSet();
    upstreams.update(Map.of("core", List.of(spare, b, a)));
    assertThat(upstreams.group("core")).containsExactly(b, a, spare);
    assertThat(upstreams.group("other")).isEmpty();
  }

  // ---- size ----

  @Test
  void longRequestsGoToTheTwin() {
    final Target tcp = target("tcp", TCP, "10.0.0.1", 5060, 1, 1);
    final Target udp = new Target("udp", UDP, address("10.0.0.1", 5060), 1, 1, tcp, Set.of());
    final SizeRule rule = SizeRule.DEFAULT;
    assertThat(rule.forSize(udp, 1300)).isSameAs(udp);
    assertThat(rule.forSize(udp, 1301)).isSameAs(tcp);
    assertThat(rule.forSize(tcp, 9999)).isSameAs(tcp);
    assertThat(rule.forSize(a, 9999)).isSameAs(a);
    assertThat(new SizeRule(1300, SizeRule.Oversize.REJECT).forSize(udp, 1301)).isNull();
    assertThat(new SizeRule(1300, SizeRule.Oversize.FRAGMENT).forSize(udp, 1301)).isSameAs(udp);
    tcp.health(Target.Health.DOWN);
    assertThat(rule.forSize(udp, 1301)).isSameAs(udp);
  }
}
