package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes about the core are told with file, line, key, value and what would be right. */
class UpstreamErrorsTest {
  /** A configuration that is right: line 1. */
  private static final String RIGHT =
      "millrace { core-sockets { udp { transport = udp, host = 10.0.0.5 }, tcp { transport = tcp,"
          + " host = 10.0.0.5 } }, upstreams.pbx.targets = [\"sip:10.0.0.9\"], paths.sip.upstream ="
          + " pbx }\n";

  @TempDir private Path directory;

  @Test
  void shouldFindNothingWrongWithWhatIsRight() throws Exception {
    assertThat(ConfigFiles.load(directory, RIGHT).upstreams()).hasSize(1);
  }

  /** A second line, and the error about it. Single quotes stand for double ones. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          core-sockets.udp.transport = sctp           | core-sockets.udp.transport = sctp: must be udp, tcp, tls, ws or wss
          core-sockets.udp.transport = null           | core-sockets.udp.transport = null: must be set
          core-sockets.udp.host = null                | core-sockets.udp.host = null: must be set
          core-sockets.udp.host = me.example.com      | core-sockets.udp.host = me.example.com: must be an address of this machine, such as 192.0.2.1 or [2001:db8::1]; not a name
          core-sockets.udp.host = '0.0.0.0'           | core-sockets.udp.advertised: must be set with host = 0.0.0.0: Via, Path and Record-Route need an address that the core can reach
          core-sockets.udp.id = 65536                 | core-sockets.udp.id = 65536: must be 0 to 65535, or auto
          core-sockets { udp.id = 7, tcp.id = 7 }     | core-sockets.udp.id = 7: is that of another core socket
          core-sockets.udp.tls = self-signed          | core-sockets.udp.tls = self-signed: is for transport = tls; TLS of connections made from here is the upstream's
          core-sockets.s { transport = tls, host = '10.0.0.5' } | core-sockets.s.tls: must name a section under tls: the core may connect, too
          core-sockets.s { transport = tls, host = '10.0.0.5', tls = no } | core-sockets.s.tls = no: there is no section millrace.tls.no; there are self-signed
          core-sockets.w { transport = ws, host = '10.0.0.5', port = 80 } | core-sockets.w.port = 80: is of no use: nobody connects here by ws and wss, this side does
          core-sockets.a { transport = udp, host = '10.0.0.5' } | upstreams.pbx.targets[0].uri = sip:10.0.0.9: may leave by several core sockets: set socket to a or udp
          core-sockets.tcp.port = 8080                | core-sockets.tcp.port = 8080: is the port of listeners.ws already
          core-sockets.udp.connection.keep-alive = 30 | core-sockets.udp.connection.keep-alive = 30: needs a unit, such as 30 s or 30 ms
          core-connection.max-message-size = 8 MiB    | core-connection.max-message-size = 8 MiB: send-queue = 4 MiB must not be below max-message-size = 8 MiB
          upstreams.pbx.targets = []                  | upstreams.pbx.targets: must name at least one, such as targets = ["sip:10.0.0.9:5060;transport=tcp"]
          upstreams.pbx.targets = ['10.0.0.9']        | upstreams.pbx.targets[0].uri = 10.0.0.9: must be such as sip:10.0.0.9:5060;transport=tcp, sips:pbx.example.com or sip:[2001:db8::9]
          upstreams.pbx.targets = ['sip:alice@pbx']   | upstreams.pbx.targets[0].uri = sip:alice@pbx: must not have a user
          upstreams.pbx.targets = ['sip:pbx;maddr=x'] | upstreams.pbx.targets[0].uri = sip:pbx;maddr=x: has ;maddr=x, but only ;transport=… is known here
          upstreams.pbx.targets = ['sip:pbx;transport=sctp'] | upstreams.pbx.targets[0].uri = sip:pbx;transport=sctp: transport must be udp, tcp, tls, ws or wss, not sctp
          upstreams.pbx.targets = ['sips:pbx;transport=udp'] | upstreams.pbx.targets[0].uri = sips:pbx;transport=udp: sips: cannot go over UDP
          upstreams.pbx.targets = ['sip:pbx;transport=ws'] | upstreams.pbx.targets[0].uri = sip:pbx;transport=ws: needs a section under core-sockets with transport = ws
          upstreams.pbx.targets = ['sips:pbx']        | upstreams.pbx.targets[0].uri = sips:pbx: needs a section under core-sockets with transport = tls
          upstreams.pbx.targets = [{ priority = 1 }]  | upstreams.pbx.targets[0].uri: must be set
          upstreams.pbx.targets = [{ uri = 'sip:10.0.0.9', wieght = 1 }] | upstreams.pbx.targets[0].wieght = 1: there is no such key; did you mean weight?
          upstreams.pbx.targets = [{ uri = 'sip:10.0.0.9', socket = tcp }] | upstreams.pbx.targets[0].socket = tcp: has transport = tcp, which is not that of udp
          upstreams.pbx.targets = [{ uri = 'sip:10.0.0.9', socket = upd }] | upstreams.pbx.targets[0].socket = upd: there is no section millrace.core-sockets.upd; did you mean udp?
          upstreams.pbx.targets = [5]                 | upstreams.pbx.targets[0] = 5: must be an object: { … }
          upstreams.pbx.trusted = [pbx.example]       | upstreams.pbx.trusted = pbx.example: pbx.example: must be an IP address, or one with /prefix
          upstreams.pbx.ws.path = ws                  | upstreams.pbx.ws.path = ws: must begin with a slash and have no spaces or #
          upstreams.pbx.ws.origin = 'example.com'     | upstreams.pbx.ws.origin = example.com: must be an origin such as https://example.com:8443
          upstreams.pbx.ws.headers { Host = a }       | upstreams.pbx.ws.headers: Host is part of the handshake itself
          upstreams.pbx.ws.headers { 'a b' = a }      | upstreams.pbx.ws.headers: a b is not the name of a header field
          upstreams.pbx.tls.key = k.pem               | upstreams.pbx.tls.key = k.pem: is of no use without chain
          upstreams.pbx.tls.trusted = ca.pem          | upstreams.pbx.tls.trusted = ca.pem: there is no file DIR/ca.pem
          upstreams.pbx.tls.protocols = [TLSv1.4]     | upstreams.pbx.tls.protocols: this Java knows no TLSv1.4; did you mean
          upstreams.pbx.health.interval = 1 m         | upstreams.pbx.health.interval = 1 m: steady-interval = 30 s must not be below interval = 1 m
          upstreams.pbx.health.bad-statuses = [200]   | upstreams.pbx.health.bad-statuses = 200: must be 300 to 699
          upstreams.old.targets = ['sip:10.0.0.9']    | upstreams.old: is not in use: set upstream = old in a path
          upstreams.pbx.ds_ping_interval = 5          | upstreams.pbx.ds_ping_interval = 5: there is no such key; Kamailio's ds_ping_interval is defaults.upstream.health.interval here
          paths.sip.upstream = pxb                    | paths.sip.upstream = pxb: there is no section millrace.upstreams.pxb; did you mean pbx?
          paths.sip.sub-protocols = [echo]            | paths.sip.upstream = pbx: is of no use: sub-protocols does not have sip
          paths.sip.routing { mode = alias, require-path = true } | paths.sip.routing.require-path = true: require-path = true is of no use with mode = alias, which adds no Path
          paths.sip.routing { mode = alias, flow-timer = 10 s } | paths.sip.routing.flow-timer = 10 s: flow-timer is of no use with mode = alias: it belongs to RFC 5626
          paths.sip.routing.alias-mac = false         | paths.sip.routing.alias-mac = false: alias-mac = false is of no use with mode = outbound, which makes no aliases
          paths.sip.routing.flow-timer = 1500 ms      | paths.sip.routing.flow-timer = 1500 ms: must be whole seconds: the header has no smaller unit
          paths.sip.routing.flow-timer = 50 s         | paths.sip.routing.flow-timer = 50 s: must be below connection.keep-alive-timeout + pong-timeout = 50 s
          edge.flow-keys { 1 = abc }                  | edge.flow-keys.1 = ********: must be 32 to 128 hexadecimal digits (openssl rand -hex 32 makes 64)
          edge.flow-keys { 16 = '00112233445566778899aabbccddeeff' } | edge.flow-keys.16 = ********: the id of a flow key must be 0 to 15
          edge.flow-keys { 1 = '00112233445566778899aabbccddeeff' } | edge.branch-key: must be set where flow-keys are
          edge.branch-key = '00112233445566778899aabbccddeeff' | edge.branch-key = ********: is of no use without flow-keys
          edge.key-file = no.keys                     | edge.key-file = no.keys: there is no file DIR/no.keys
          edge.dropped-headers = ['a b']              | edge.dropped-headers = a b: a b must be the name of a header field
          edge.dropped-headers = [Via]                | edge.dropped-headers: droppedHeaders=via: must be of use to nobody
          edge.transactions.t1 = 5 s                  | edge.transactions.t1 = 5 s: t1 = 5 s must not be above t2 = 4 s
          edge.transaction-mode.timer-c = 3 m         | edge.transaction-mode.timer-c = 3 m: must be 181 s to 1 h
          edge.transaction-mode.failover-after = 33 s | edge.transaction-mode.failover-after = 33 s: must not be above 64 times edge.transactions.t1 = 32 s, when a target is given up in any case
          edge.transaction-mode.max-targets = 9       | edge.transaction-mode.max-targets = 9: must be 1 to 8
          edge.transaction-mode.queue = 100 KiB       | edge.transaction-mode.queue = 100 KiB: must be a power of two, such as 64 KiB
          edge.transaction-mode.fr_timer = 5 s        | edge.transaction-mode.fr_timer = 5 s: there is no such key; Kamailio's fr_timer is edge.transaction-mode.failover-after here
          paths.sip.routing.transactions = stateful   | paths.sip.routing.transactions = stateful: must be auto, transaction or stateless
          dns.servers = [ns.example]                  | dns.servers = ns.example: ns.example must be an address, or address:port
          dns.min-ttl = 2 h                           | dns.min-ttl = 2 h: min-ttl = 2 h must not be above max-ttl = 1 h
          """)
  void shouldTellWhereAndWhat(String line, String error) {
    assertThat(errors(RIGHT + "millrace {" + line.replace('\'', '"') + "}\n"))
        .anySatisfy(
            it ->
                assertThat(it.replaceFirst("^(reference|millrace)\\.conf:\\d+: millrace\\.", ""))
                    .startsWith(error.replace("DIR/", "")));
  }

  private java.util.List<String> errors(String text) {
    return ConfigFiles.errors(directory, text);
  }

  @Test
  void shouldWantAnUpstreamForACoreSocket() {
    assertThat(errors("millrace.core-sockets.udp { transport = udp, host = 10.0.0.5 }"))
        .containsExactly(
            "millrace.conf:1: millrace.core-sockets.udp: is not in use: there is nothing under"
                + " upstreams");
  }

  @Test
  void shouldWantATcpSocketForOversizeOnlyIfItIsWritten() throws Exception {
    final String udpOnly = RIGHT.replaceFirst(", tcp \\{[^}]*}", "");
    assertThat(ConfigFiles.load(directory, udpOnly).coreSockets()).hasSize(1);
    assertThat(errors(udpOnly + "millrace.upstreams.pbx.udp-oversize = tcp"))
        .containsExactly(
            "millrace.conf:2: millrace.upstreams.pbx.udp-oversize = tcp: needs a section under"
                + " core-sockets with transport = tcp; else choose reject or fragment");
  }

  @Test
  void shouldTellTheLineOfAKeyFile() throws Exception {
    Files.writeString(directory.resolve("keys"), "# all\nflow-keys.1 = abc\n");
    assertThat(errors(RIGHT + "millrace.edge.key-file = keys"))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("keys:2: must be 32 to 128 hexadecimal digits"));
  }
}
