package org.millrace.jetty.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.jetty.upstream.TestCertificate.dns;
import static org.millrace.jetty.upstream.TestCertificate.ip;
import static org.millrace.jetty.upstream.TestCertificate.uri;

import java.nio.file.Path;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificate it is (RFC 5922, C-72). */
class DomainCheckTest {
  @TempDir private Path directory;

  private boolean matches(String domain, GeneralName... names) {
    return DomainCheck.matches(
        TestCertificate.of(directory, "pbx.example.com", names).certificate(), domain);
  }

  @Test
  void aSipUriOrADnsNameIsTheDomain() {
    assertThat(matches("pbx.example.com", uri("sip:pbx.example.com"))).isTrue();
    assertThat(matches("PBX.example.com", uri("SIP:pbx.EXAMPLE.com"))).isTrue();
    assertThat(matches("pbx.example.com", uri("sip:pbx.example.com;transport=tls"))).isTrue();
    assertThat(matches("pbx.example.com", dns("other.example.com"), dns("pbx.example.com")))
        .isTrue();
    assertThat(matches("pbx.example.com", uri("sip:example.com"), dns("Pbx.Example.com"))).isTrue();
  }

  @Test
  void aUserAtTheDomainIsNotTheDomain() {
    assertThat(matches("pbx.example.com", uri("sip:alice@pbx.example.com"))).isFalse();
    assertThat(matches("pbx.example.com", uri("sip:pbx.example.com@evil.example"))).isFalse();
    assertThat(matches("pbx.example.com", uri("sip:pbx.example.com.evil.example"))).isFalse();
    assertThat(matches("pbx.example.com", uri("https://pbx.example.com"))).isFalse();
  }

  @Test
  void noWildcardMatchesAndNoSubject() {
    assertThat(matches("pbx.example.com", dns("*.example.com"))).isFalse();
    assertThat(matches("pbx.example.com")).isFalse();
  }

  @Test
  void anAddressMustBeThereAsAnAddress() {
    assertThat(matches("192.0.2.1", ip("192.0.2.1"))).isTrue();
    assertThat(matches("2001:db8::1", ip("2001:db8:0:0:0:0:0:1"))).isTrue();
    assertThat(matches("192.0.2.2", ip("192.0.2.1"))).isFalse();
    assertThat(matches("pbx.example.com", ip("192.0.2.1"))).isFalse();
  }
}
