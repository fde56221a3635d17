package org.millrace.jetty.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of mistake is told with file, line, key, value and what would be right. */
class ConfigErrorsTest {
  private static final String AT = "millrace.conf:2: millrace.";

  @TempDir private Path directory;

  /** One line of configuration, and the error about it. Single quotes stand for double ones. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          profile = kamalio                       | profile = kamalio: must be strict, kamailio or opensips; did you mean kamailio?
          profile = 7                             | profile = 7: must be strict, kamailio or opensips
          limits = 5                              | limits = 5: must be an object: { … }
          listen = ws                             | listen = ws: must be a list: [ … ]
          listen = []                             | listen: must name at least one section under listeners
          listen = [nobody]                       | listen: there is no section millrace.listeners.nobody
          limts.connections = 5                   | limts: there is no such key; did you mean limits?
          sip.max-bad-mesages = 5                     | sip.max-bad-mesages = 5: there is no such key; did you mean max-bad-messages?
          connection.keepalive_timeout = 5        | connection.keepalive_timeout = 5: there is no such key; Kamailio's keepalive_timeout is connection.keep-alive-timeout here
          connection.ws_max_msg_chunks = 4        | connection.ws_max_msg_chunks = 4: there is no such key; OpenSIPS's ws_max_msg_chunks is connection.max-reads-per-message here
          connection.send-timeout = 10            | connection.send-timeout = 10: needs a unit, such as 10 s or 10 ms
          connection.send-timeout = '10'          | connection.send-timeout = 10: needs a unit, such as 10 s or 10 ms
          connection.send-timeout = 10 parsecs    | connection.send-timeout = 10 parsecs: must be a duration, such as 30 s; units are ns, us, ms, s, m, h and d
          connection.send-timeout = -1 s          | connection.send-timeout = -1 s: must be a duration, such as 30 s; units are ns, us, ms, s, m, h and d
          connection.send-timeout = 0 s           | connection.send-timeout = 0 s: must be 1 ms to 365 d
          connection.send-timeout = null          | connection.send-timeout = null: must not be null
          connection.send-timeout = [1 s]         | connection.send-timeout: must be a single value, not a list
          connection.max-message-size = 65536     | connection.max-message-size = 65536: needs a unit, such as 65536 KiB or 65536 B
          connection.max-message-size = much      | connection.max-message-size = much: must be a size, such as 64 KiB; units are B, KiB, MiB and GiB
          connection.max-message-size = 2 GiB     | connection.max-message-size = 2 GiB: must be 125 B to 1 GiB
          connection.max-message-size = 99999 YiB | connection.max-message-size = 99999 YiB: must be 125 B to 1 GiB
          connection.keep-alive-jitter = 0.6      | connection.keep-alive-jitter = 0.6: must be a number, 0 to 0.5
          connection.keep-alive-jitter = some     | connection.keep-alive-jitter = some: must be a number, 0 to 0.5
          connection.lenient-length = 1           | connection.lenient-length = 1: must be true or false
          connection.keep-alive-data = ''         | connection.keep-alive-data = "": must not be empty
          connection.message-timeout = 3 s        | connection.message-timeout = 3 s: message-min-rate-grace = 5 s must not be longer than message-timeout = 3 s
          connection.send-queue-high-mark = 2 MiB | connection.send-queue-high-mark = 2 MiB: send-queue-high-mark = 2 MiB must not be above send-queue-hard-limit = 1 MiB
          paths.sip.connection.ping-rate = 0      | paths.sip.connection.ping-rate = 0: must be 1 to 2147483647
          limits.connections = 1.5                | limits.connections = 1.5: must be a whole number, 1 to 16777216
          limits.connections = 0                  | limits.connections = 0: must be 1 to 16777216
          limits.connections = 99999999999999     | limits.connections = 99999999999999: must be 1 to 16777216
          limits.retry-after = 1500 ms            | limits.retry-after = 1500 ms: must be whole seconds: the header has no smaller unit
          handshake.max-head = 4 KiB              | handshake.max-head = 4 KiB: max-request-line = 8 KiB must not be above max-head = 4 KiB, which includes it
          trusted-proxies = [10.0.0.0/33]         | trusted-proxies = 10.0.0.0/33: 10.0.0.0/33: the prefix length must be 0 to 32
          trusted-proxies = [proxy.example]       | trusted-proxies = proxy.example: proxy.example: must be an IP address, or one with /prefix
          drain.duration = 1 m                    | drain.duration = 1 m: timeout = 15 s must not be below grace + duration = 1 m
          core.digest = true                      | core.digest = true: needs users, or nobody could register: set users or users-file
          core.users { alice = secret }           | core.users: is of no use without digest = true
          core.min-expires = 11 m                 | core.min-expires = 11 m: min-expires = 11 m must not be above default-expires = 10 m
          core.max-expires = 9 m                  | core.max-expires = 9 m: default-expires = 10 m must not be above max-expires = 9 m
          admin.host = 0.0.0.0                    | admin.host = 0.0.0.0: is open to others: set admin.token, or stay on 127.0.0.1
          admin.token = hunter2                   | admin.token = ********: must have 16 characters or more (openssl rand -hex 24 makes one)
          engine.ring-capacity = 3 MiB            | engine.ring-capacity = 3 MiB: must be a power of two, such as 2 MiB
          engine.buffer-memory-limit = 32 MiB     | engine.buffer-memory-limit = 32 MiB: buffer-memory-retained = 64 MiB must not be above buffer-memory-limit = 32 MiB
          engine.max-connections = 100            | engine.max-connections = 100: must not be below limits.connections = 131072
          engine.shards = 257                     | engine.shards = 257: must be 1 to 256, or auto
          engine { shards = 2, buffer-memory-retained = 0 B, buffer-memory-limit = 65 KiB } | engine.buffer-memory-limit = 65 KiB: must be 131072 or more
          """)
  void shouldTellWhereAndWhat(String line, String error) {
    assertThat(ConfigFiles.errors(directory, "millrace {\n" + line.replace('\'', '"') + "\n}\n"))
        .anySatisfy(it -> assertThat(it).startsWith(AT + error));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          listeners.ws.port = 65536                | listeners.ws.port = 65536: must be 0 to 65535
          listeners.ws.host = 300.1.1.1            | listeners.ws.host = 300.1.1.1: must be an address of this machine, such as 0.0.0.0, [::] or 192.0.2.1, or a name
          listeners.ws.tls = selfsigned            | listeners.ws.tls = selfsigned: there is no section millrace.tls.selfsigned; did you mean self-signed?
          listeners.ws.paths = [spi]               | listeners.ws.paths: there is no section millrace.paths.spi; did you mean sip?
          listeners.ws.paths = []                  | listeners.ws.paths: must name at least one section under paths
          listeners.ws.paths = [sip, sip]          | listeners.ws.paths: serves / twice; paths of one listener must differ
          listeners.ws.http2 = true                | listeners.ws.http2 = true: http2 = true needs tls: browsers speak HTTP/2 on TLS only
          listeners.wss.tls = null                 | listeners.wss.tls = null: http2 = true needs tls: browsers speak HTTP/2 on TLS only
          listeners.ws.proxy-protocol = true       | listeners.ws.proxy-protocol = true: needs trusted-proxies: nobody else may send a PROXY header
          listeners.wss.tls-terminated-upstream = true | listeners.wss.tls-terminated-upstream = true: tls-terminated-upstream is for cleartext listeners behind a proxy; this one has tls of its own
          listeners.ws.port = 8443                 | listeners.wss.port = 8443: is the port of listeners.ws already
          listeners.ws { host = '127.0.0.1', port = 8090 } | admin.port = 8090: is the port of listeners.ws already
          listeners.ws.advertised = 'a b'          | listeners.ws.advertised = a b: a b must be a host, or host:port
          listeners.ws.advertised = 'a:70000'      | listeners.ws.advertised = a:70000: a:70000: the port must be 1 to 65535
          listeners.edge.port = 443                | listeners.edge: is not in use: put it into millrace.listen, such as listen = [edge]
          listeners.edge = 5                       | listeners.edge = 5: must be an object: { … }
          defaults.listener.pgae = true            | defaults.listener.pgae = true: there is no such key; did you mean page?
          paths.other {}                           | paths.other.path: must be set
          paths.sip.path = sip                     | paths.sip.path = sip: must begin with a slash and have no spaces, ? or #
          paths.sip.sub-protocols = []             | paths.sip.sub-protocols: must name at least one: sip or echo
          paths.sip.sub-protocols = [msrp]         | paths.sip.sub-protocols: msrp is not there yet; there are sip and echo
          paths.sip.sub-protocols = [xmpp]         | paths.sip.sub-protocols = xmpp: must be sip, msrp or echo
          paths.sip.sub-protocol-required = false  | paths.sip.sub-protocol-required = false: may only be false where sub-protocols = [echo]: RFC 7118 and RFC 7977 require one
          paths.sip.allowed-origins = ['*']        | paths.sip.allowed-origins = *: every origin is allowed by an empty list
          paths.sip.allowed-origins = ['https://a/b'] | paths.sip.allowed-origins = https://a/b: https://a/b must be an origin such as https://example.com:8443 or https://*.example.com
          paths.sip.allowed-hosts = ['a:b:c']      | paths.sip.allowed-hosts = a:b:c: a:b:c must be a host, or host:port
          paths.sip.auth.schemes = [digest]        | paths.sip.auth.schemes: basic and digest need users: set users or users-file
          paths.sip.auth.schemes = [bearer]        | paths.sip.auth.schemes: bearer needs a key: set tokens.hmac-secret or tokens.public-keys
          paths.sip.auth.schemes = [client-certificate] | listeners.ws.paths: / asks for client certificates: set tls, and client-auth in its section
          paths.sip.auth.users { a = b }           | paths.sip.auth.users: is of no use: schemes has neither basic nor digest
          paths.sip.auth.allowed = [a]             | paths.sip.auth.allowed: is of no use without schemes: nobody is asked who they are
          paths.sip.auth.query-token = t           | paths.sip.auth.query-token = t: is of no use: schemes does not have bearer
          paths.sip.auth.cookie = 'a b'            | paths.sip.auth.cookie = a b: is of no use: schemes does not have bearer
          paths.sip.auth.realm = "a\\"b"           | paths.sip.auth.realm = a"b: must be of printable ASCII without " and \\
          paths.sip.auth.users-file = none         | paths.sip.auth.users-file = none: DIR/none cannot be read: there is no such file
          paths.sip.auth.tokens.hmac-secret = abc  | paths.sip.auth.tokens.hmac-secret = ********: must be 32 bytes or more (openssl rand -base64 48 makes one)
          paths.sip.auth.tokens.public-keys = [a]  | paths.sip.auth.tokens.public-keys: DIR/a cannot be read
          tls.a {}                                 | tls.a.certificates: must name at least one certificate, or set self-signed = true
          tls.self-signed.certificates = [{}]      | tls.self-signed.certificates[0].chain: must be set
          tls.a.certificates = [5]                 | tls.a.certificates[0] = 5: must be an object: { … }
          tls.a.certificates = [{ chain = c.pem }] | tls.a.certificates[0].chain = c.pem: there is no file DIR/c.pem
          tls.self-signed.certificates = [{ chain = c.pem }] | tls.self-signed.certificates: self-signed = true contradicts certificates: use one or the other
          tls.self-signed.client-auth = need       | tls.self-signed.client-auth = need: needs the authorities of client certificates: set trusted to a PEM file
          tls.self-signed.trusted = ca.pem         | tls.self-signed.trusted = ca.pem: there is no file DIR/ca.pem
          tls.self-signed.protocols = [TLSv1.4]    | tls.self-signed.protocols: this Java knows no TLSv1.4; did you mean
          tls.self-signed.cipher-suites = [NULL]   | tls.self-signed.cipher-suites: this Java knows no NULL
          """)
  void shouldTellWhatIsWrongInNamedSections(String line, String error) {
    assertThat(ConfigFiles.errors(directory, "millrace {\n" + line.replace('\'', '"') + "\n}\n"))
        .anySatisfy(
            it ->
                assertThat(it.replaceFirst("^reference.conf:\\d+", "millrace.conf:2"))
                    .startsWith(AT + error.replace("DIR/", "")));
  }

  @Test
  void shouldTellAllAtOnceAndEachOnce() {
    assertThat(
            ConfigFiles.errors(
                directory,
                """
                millrace {
                  connection.send-timeout = 10
                  defaults.path.require-origin = perhaps
                  sip.max-bad-messages = 0
                }
                """))
        .containsExactlyInAnyOrder(
            "millrace.conf:2: millrace.connection.send-timeout = 10: needs a unit, such as 10 s or"
                + " 10 ms",
            "millrace.conf:3: millrace.defaults.path.require-origin = perhaps: must be true or"
                + " false",
            "millrace.conf:4: millrace.sip.max-bad-messages = 0: must be 1 to 1000000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          millrace { a = }}            | millrace.conf:1: Expecting
          millrace.admin.token = ${NO} | millrace.conf:1: Could not resolve substitution to a value: ${NO}
          milrace.listen = [ws]        | millrace.conf:1: milrace: there is no such key; did you mean millrace?
          listen = [ws]                | millrace.conf:1: listen: must be inside millrace { … }
          """)
  void shouldTellWhatIsWrongWithTheFile(String text, String error) {
    assertThat(ConfigFiles.errors(directory, text))
        .singleElement()
        .satisfies(it -> assertThat(it).startsWith(error));
  }

  @Test
  void shouldTellThatThereIsNoFile() {
    final ConfigErrors errors =
        catchThrowableOfType(
            ConfigErrors.class,
            () -> ConfigLoader.load(Optional.of(directory.resolve("no.conf")), Map.of()));
    assertThat(errors).hasMessage(directory.resolve("no.conf") + ": there is no such file");
  }

  @Test
  void shouldTellWhichOptionIsWrong() {
    final ConfigErrors errors =
        catchThrowableOfType(
            ConfigErrors.class,
            () -> ConfigLoader.load(Optional.empty(), Map.of("admin.port", "x")));
    assertThat(errors)
        .hasMessage("-D admin.port: millrace.admin.port = x: must be a whole number, 0 to 65535");
  }

  @Test
  void shouldTellTheLineOfAUsersFile() throws Exception {
    Files.writeString(
        directory.resolve("users"), "# all of them\nalice:secret\n\nbob\nalice:again\n");
    assertThat(ConfigFiles.errors(directory, "millrace.core { digest = true, users-file = users }"))
        .containsExactly(
            "millrace.conf:1: millrace.core.users-file = users: users:4 must be name:password",
            "millrace.conf:1: millrace.core.users-file = users: users:5 names a user that there"
                + " is already");
  }

  @Test
  void shouldTellWhatAKeyFileCheckSays() throws Exception {
    Files.writeString(directory.resolve("c.pem"), "c");
    Files.writeString(directory.resolve("k.pem"), "k");
    final Path file =
        ConfigFiles.write(
            directory, "millrace.tls.a.certificates = [{ chain = c.pem\n key = k.pem }]");
    final ConfigLoader loader =
        new ConfigLoader(
            Optional.of(file),
            Map.of(),
            part -> {
              throw new java.io.IOException("not its key");
            });
    assertThat(catchThrowableOfType(ConfigErrors.class, loader::load))
        .hasMessage(file + ":2: millrace.tls.a.certificates[0].key = k.pem: not its key");
  }
}
