package org.millrace.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts as they are written in the configuration and as URIs have them. */
class HostAndPortTest {
  @ParameterizedTest
  @CsvSource({
    "edge.example,        edge.example,  443",
    "edge.example:8443,   edge.example,  8443",
    "192.0.2.1:1,         192.0.2.1,     1",
    "[2001:db8::1],       [2001:db8::1], 443",
    "[2001:db8::1]:8443,  [2001:db8::1], 8443",
    "2001:db8::1,         [2001:db8::1], 443",
    "::1,                 [::1],         443"
  })
  void shouldReadAHostWithAPortOrWithout(String text, String host, int port) {
    assertThat(HostAndPort.parse(text, 443)).isEqualTo(new HostAndPort(host, port));
  }
}
