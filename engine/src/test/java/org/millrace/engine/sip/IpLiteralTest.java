package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
  private final IpLiteral literal = new IpLiteral();

  private boolean parse(String text) {
    final byte[] bytes = text.getBytes(US_ASCII);
    return literal.parse(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.9, 10.0.0.9",
    "255.255.255.255, 255.255.255.255",
    "[2001:db8::5], 2001:db8:0:0:0:0:0:5",
    "2001:DB8::5, 2001:db8:0:0:0:0:0:5",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1::, 1:0:0:0:0:0:0:0",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
    "::ffff:10.0.0.9, 10.0.0.9",
  })
  void isTheAddressThatJavaReads(String text, String same) throws Exception {
    assertThat(parse(text)).isTrue();
    final IpLiteral expected = new IpLiteral().set(InetAddress.getByName(same));
    assertThat(literal.is(expected.high(), expected.low())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.",
        ".1.2.3.4",
        "1..2.3",
        "1.2.3.4 ",
        "localhost",
        "[1.2.3.4]",
        "[::1",
        "::1]",
        "[]",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1::2::3",
        "1:",
        ":1",
        "12345::",
        "g::",
        "::1.2.3",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4:5",
        "fe80::1%eth0"
      })
  void isNone(String text) {
    assertThat(parse(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.9, 10.0.0.9",
    "::ffff:255.0.0.1, 255.0.0.1",
    "2001:db8:0:0:0:0:0:5, [2001:db8::5]",
    "0:0:0:0:0:0:0:0, [::]",
    "0:0:0:0:0:0:0:1, [::1]",
    "1:0:0:0:0:0:0:0, [1::]",
    "1:0:0:2:0:0:0:3, [1:0:0:2::3]",
    "1:0:0:2:3:0:0:4, [1::2:3:0:0:4]",
    "1:0:2:3:4:5:6:7, [1:0:2:3:4:5:6:7]",
  })
  void isWrittenAsRfc5952Does(String text, String written) {
    assertThat(parse(text)).isTrue();
    assertThat(literal.text()).isEqualTo(written);
  }

  @Property(tries = 300)
  void readsWhatItWrites(@ForAll @Size(16) byte[] raw, @ForAll byte zeros) {
    for (int i = 0; i < 8; i++) {
      if ((zeros & (1 << i)) != 0) {
        raw[2 * i] = 0;
        raw[2 * i + 1] = 0;
      }
    }
    final IpLiteral written = new IpLiteral().set(raw);
    assertThat(parse(written.text())).isTrue();
    assertThat(literal.is(written.high(), written.low())).isTrue();
  }

  @Property(tries = 300)
  void readsWhatJavaWrites(@ForAll @Size(16) byte[] raw) throws Exception {
    final InetAddress address = InetAddress.getByAddress(raw);
    assertThat(parse(address.getHostAddress())).isTrue();
    final IpLiteral expected = new IpLiteral().set(raw);
    assertThat(literal.is(expected.high(), expected.low())).isTrue();
  }
}
