package org.millrace.engine.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.engine.sip.SipClient.crlf;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Messages after RFC 4475, by its names: what is legal parses, what is not is refused or passed.
 */
@SuppressWarnings("StringConcatToTextBlock") // a line may need an escape that text blocks strip
class TortureTest {
  private static final String REST =
      "Max-Forwards: 70\nTo: sip:j.user@example.com\nFrom: sip:caller@example.net;tag=93942939o2\n"
          + "Call-ID: t.0ha0isndaksdj99sdfafnl3lk233412\n";

  private static final String VIA =
      "Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bK-39234-23523\n";

  enum Legal {
    WSINV(
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\n"
            + "TO :\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\n"
            + "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\n  ;\n  tag = 98asjd8\n"
            + "MaX-fOrWaRdS: 0068\nCall-ID: wsinv.ndaksdj@192.0.2.1\nContent-Length   : 150\n"
            + "cseq: 0009\n  INVITE\n"
            + "Via  : SIP  /   2.0\n /UDP\n    192.0.2.2;branch=390skdjuw\ns :\n"
            + "NewFangledHeader:   newfangled value\n continued newfangled value\n"
            + "UnknownHeaderWithUnusualValue: ;;,,;;,;\nContent-Type: application/sdp\n"
            + "Route:\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\n"
            + "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\n  branch  =   z9hG4bK9ikj8  ,\n"
            + " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\n z9hG4bK30239\n"
            + "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\n      newvalue ;\n"
            + "  secondparam ; q = 0.33\n\n"
            + "v".repeat(150)),
    INTMETH(
        "!interesting-Method0123456789_*+`.%indeed'~"
            + " sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too."
            + "(doesn't-it)@example.com SIP/2.0\n"
            + "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\n"
            + "To: \"BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007F\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$"
            + "/crazy?,/;;*@example.com>\n"
            + "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>"
            + ";fromParam''~+*_!.-%=\"\u00d1\u0080\u00d0\u00b0\";tag=_token~1'+`*%!-.\n"
            + "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\n"
            + "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\nMax-Forwards: 255\n"
            + "extensionHeader-!.%*+_`'~:\u00ef\u00bb\u00bf\u00e5\u00a4\u00a7\nContent-Length: 0\n\n"),
    ESC01(
        "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\n"
            + "To: sip:%75se%72@example.com\nFrom: <sip:I%20have%20spaces@example.net>;tag=938\n"
            + "Max-Forwards: 87\ni: esc01.239409asdfakjkn23onasd0-3234\nCSeq: 234234 INVITE\n"
            + "Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw\nC: application/sdp\n"
            + "Contact:\n  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>\n"
            + "Content-Length: 0\n\n"),
    ESCNULL(
        "REGISTER sip:example.com SIP/2.0\nTo: sip:null-%00-null@example.com\n"
            + "From: sip:null-%00-null@example.com;tag=839923423\nMax-Forwards: 70\n"
            + "Call-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd\nCSeq: 14398234 REGISTER\n"
            + "Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw\n"
            + "Contact: <sip:%00@host5.example.com>\nL:0\n\n"),
    ESC02(
        "RE%47IST%45R sip:registrar.example.com SIP/2.0\nTo: \"%Z%45\" <sip:resource@example.com>\n"
            + "From: \"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23\n"
            + "Call-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf\n"
            + "Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234\n"
            + "CSeq: 29344 RE%47IST%45R\nMax-Forwards: 70\n"
            + "Contact: <sip:alias1@host1.example.com>\nContent-Length: 0\n\n"),
    LWSDISP(
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\n"
            + "From: caller<sip:caller@example.com>;tag=323\nMax-Forwards: 70\n"
            + "Call-ID: lwsdisp.1234abcd@funky.example.com\nCSeq: 60 OPTIONS\n"
            + "Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw\nl: 0\n\n"),
    DBLREQ(
        "REGISTER sip:example.com SIP/2.0\nTo: sip:j.user@example.com\n"
            + "From: sip:j.user@example.com;tag=43251j3j324\nMax-Forwards: 8\nI: dblreq.0ha0isnda\n"
            + "Contact: sip:j.user@host.example.com\nCSeq: 8 REGISTER\n"
            + "Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492\nContent-Length: 0\n\n"
            + "INVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\n\r\n"),
    SEMIURI(
        "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\nTo: sip:j_user@example.com\n"
            + "From: sip:caller@example.org;tag=33242\nMax-Forwards: 3\nCall-ID: semiuri.0ha\n"
            + "CSeq: 8 OPTIONS\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw\n"
            + "l: 0\n\n"),
    TRANSPORTS(
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\n"
            + "From: <sip:caller@example.com>;tag=323\nMax-Forwards: 70\nCall-ID:  transports.kijh4a\n"
            + "CSeq: 60 OPTIONS\nVia: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw\n"
            + "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\n"
            + "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd\nl: 0\n\n"),
    UNREASON(
        "SIP/2.0 200 = 2**3 * 5**2 \u00d0\u00bd\u00d0\u00be\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\n"
            + "Call-ID: unreason.1234ksdfak3j2erwedfsASdf\nCSeq: 35 INVITE\n"
            + "From: sip:user@example.com;tag=11141343\nTo: sip:user@example.edu;tag=2229\n"
            + "Content-Length: 0\n\n"),
    NOREASON(
        "SIP/2.0 100 \nVia: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe\nCall-ID: noreason.asnd\n"
            + "CSeq: 35 INVITE\nFrom: <sip:user@example.com>;tag=39ansfi3\nTo: <sip:user@example.edu>\n"
            + "Content-Length: 0\nContact: <sip:user@host105.example.com>\n\n"),
    BADBRANCH(
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\n"
            + "From: sip:caller@example.org;tag=33242\nMax-Forwards: 3\n"
            + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\nCall-ID: badbranch.sadonfo23i420jv\n"
            + "CSeq: 8 OPTIONS\nl: 0\n\n"),
    UNKSCM(
        "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 3923423 OPTIONS\n\n"),
    NOVELSC(
        "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\n" + VIA + REST + "CSeq: 39234 OPTIONS\n\n"),
    UNKSM2(
        "REGISTER sip:example.com SIP/2.0\nTo: isbn:2983792873\n"
            + "From: <http://www.example.com>;tag=3234233\nCall-ID: unksm2.daksdj@hyphenated-host\n"
            + "CSeq: 234902 REGISTER\nMax-Forwards: 70\n"
            + VIA
            + "Contact: <name:John_Smith>\nl: 0\n\n"),
    LONGREQ(
        "INVITE sip:user@example.com SIP/2.0\nTo: \"I have a user name of "
            + "extreme ".repeat(30)
            + "proportion\"<sip:user@example.com:6000;unknownparam1=very"
            + "long".repeat(40)
            + "value;longparam"
            + "name".repeat(30)
            + "=shortvalue>\nF: sip:"
            + "amazinglylongcallername".repeat(15)
            + "@example.net;tag=12"
            + "982".repeat(50)
            + "424;unknownheaderparam"
            + "name".repeat(30)
            + "=unknowheaderparamvalue\nCall-ID: longreq.one"
            + "really".repeat(30)
            + "longcallid\nCSeq: 3882340 INVITE\nUnknown-"
            + "Long".repeat(30)
            + "-Name: unknown-"
            + "long".repeat(40)
            + "-value; unknown-parameter\nVia: SIP/2.0/TCP sip33.example.com\n"
            + "v: SIP/2.0/TCP sip32.example.com\nV: SIP/2.0/TCP sip31.example.com\n"
            + "Via: SIP/2.0/TCP "
            + "verylonghostname.".repeat(8)
            + "example.com;branch="
            + "verylong".repeat(20)
            + "branchvalue\nMax-Forwards: 70\nContact: <sip:amazinglylong@host5.example.net>\n"
            + "Content-Type: application/sdp\nl: 4\n\nv=0\n"),
    MPART01(
        "MESSAGE sip:kumiko@example.org SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-d\n"
            + "Max-Forwards: 70\nRoute: <sip:127.0.0.1:5080>\n"
            + "From: <sip:fluffy@example.com>;tag=2fb0dcc9\nTo: <sip:kumiko@example.org>\n"
            + "Call-ID: 3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..\nCSeq: 1 MESSAGE\n"
            + "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\nContent-Length: 38\n\n"
            + "--7a9cbec02ceef655\u0000\u00ff\u0082\r\nx: binary\r\n--\r\n"),
    BEXT01(
        "OPTIONS sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 8 OPTIONS\nRequire: nothingSupportsThis, nothingSupportsThisEither\n"
            + "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis\nl: 0\n\n"),
    INVUT(
        "INVITE sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 8 INVITE\nContact: <sip:caller@host5.example.net>\n"
            + "Content-Type: application/unknownformat\nl: 5\n\n<a/>\n"),
    REGAUT01(
        "REGISTER sip:example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 9338 REGISTER\nAuthorization: NoOneKnowsThisScheme opaque-data=here\nL:0\n\n"),
    BCAST(
        "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\n"
            + "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\nCall-ID: bcast.0384840201\n"
            + "CSeq: 35 INVITE\nFrom: sip:user@example.com;tag=11141343\n"
            + "To: sip:user@example.edu;tag=2229\nContent-Length: 0\n\n"),
    ZEROMF(
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\n"
            + "From: sip:caller@example.net;tag=3ghsd41\nCall-ID: zeromf.jfasdlfnm2o2l43r5u0asdfas\n"
            + "CSeq: 39234321 OPTIONS\nVia: SIP/2.0/UDP host1.example.com;branch=z9hG4bKkdjuw2349i\n"
            + "Max-Forwards: 0\nContent-Length: 0\n\n"),
    CPARAM01(
        "REGISTER sip:example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 3 REGISTER\nContact: sip:+19725552222@gw1.example.net;unknownparam\nl: 0\n\n"),
    CPARAM02(
        "REGISTER sip:example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 3 REGISTER\nContact: <sip:+19725552222@gw1.example.net;unknownparam>\nl: 0\n\n"),
    REGESCRT(
        "REGISTER sip:example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 14398234 REGISTER\n"
            + "M: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\nL:0\n\n"),
    ESCRURI(
        "INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 149209342 INVITE\nContact: <sip:caller@host5.example.net>\nl: 0\n\n"),
    BADDATE(
        "INVITE sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 2234923 INVITE\nDate: Fri, 01 Jan 2010 16:00:00 EST\nl: 0\n\n"),
    SDP01(
        "INVITE sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 8 INVITE\nAccept: text/nobodyKnowsThis\nContent-Type: application/sdp\n"
            + "l: 4\n\nv=0\n"),
    INV2543(
        "INVITE sip:UserB@example.com SIP/2.0\nVia: SIP/2.0/UDP iftgw.example.com\n"
            + "From: <sip:+13035551111@ift.client.example.net;user=phone>\n"
            + "Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>\n"
            + "To: sip:+16505552222@ss1.example.net;user=phone\nCall-ID: inv2543.1717@ift.client\n"
            + "CSeq: 56 INVITE\nContent-Type: application/sdp\n\nv=0\n");

    final String text;

    Legal(String text) {
      this.text = crlf(text);
    }
  }

  enum Illegal {
    BADINV01(
        "INVITE sip:user@example.com SIP/2.0\nTo: sip:j.user@example.com\n"
            + "From: sip:caller@example.net;tag=134161461246\nMax-Forwards: 7\nCall-ID: badinv01\n"
            + "CSeq: 8 INVITE\nVia: SIP/2.0/UDP 192.0.2.15;;,;,,\nContact: \"Joe\" <sip:joe@x>;;;;\n\n"),
    CLERR(
        "INVITE sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 8 INVITE\nContent-Length: 9999\n\nv=0"),
    NCL(
        "INVITE sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 8 INVITE\nContent-Length: -999\n\nv=0"),
    SCALAR02(
        "REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342\n"
            + REST
            + "CSeq: 36893488147419103232 REGISTER\nContent-Length: 0\n\n"),
    SCALARLG(
        "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342\n"
            + REST
            + "CSeq: 9292394834772304023312 OPTIONS\nContent-Length: 0\n\n"),
    QUOTBAL(
        "INVITE sip:user@example.com SIP/2.0\nTo: \"Mr. J. User <sip:j.user@example.com>\n"
            + "From: sip:caller@example.net;tag=93334\nMax-Forwards: 10\nCall-ID: quotbal.aksdj\n"
            + "CSeq: 8 INVITE\nVia: SIP/2.0/UDP 192.0.2.59:5050;branch=z9hG4bKkdjuw39234\n\n"),
    LTGTRURI("INVITE <sip:user@example.com> SIP/2.0\n" + VIA + REST + "CSeq: 1 INVITE\n\n"),
    LWSRURI("INVITE sip:user@example.com; lr SIP/2.0\n" + VIA + REST + "CSeq: 1 INVITE\n\n"),
    LWSSTART("INVITE  sip:user@example.com  SIP/2.0\n" + VIA + REST + "CSeq: 1 INVITE\n\n"),
    TRWS("OPTIONS sip:remote-target@example.com SIP/2.0  \n" + VIA + REST + "CSeq: 1 OPTIONS\n\n"),
    BADVERS("OPTIONS sip:t.watson@example.org SIP/7.0\n" + VIA + REST + "CSeq: 1 OPTIONS\n\n"),
    MISMATCH01("OPTIONS sip:user@example.com SIP/2.0\n" + VIA + REST + "CSeq: 8 INVITE\n\n"),
    MISMATCH02("NEWMETHOD sip:user@example.com SIP/2.0\n" + VIA + REST + "CSeq: 8 INVITE\n\n"),
    BIGCODE(
        "SIP/2.0 4294967301 better not break the receiver\n" + VIA + REST + "CSeq: 8 INVITE\n\n"),
    INSUF("INVITE sip:user@example.com SIP/2.0\nCSeq: 193942 INVITE\n" + VIA + "l: 0\n\n"),
    MULTI01(
        "INVITE sip:user@company.com SIP/2.0\n"
            + VIA
            + REST
            + REST
            + "CSeq: 5 INVITE\nCSeq: 59 INVITE\n\n"),
    MCL01(
        "OPTIONS sip:user@example.com SIP/2.0\n"
            + VIA
            + REST
            + "CSeq: 59 OPTIONS\nContent-Length: 13\nContent-Length: 5\n\nThere's no way"),
    BADASPEC(
        "OPTIONS sip:user@example.org SIP/2.0\nVia: SIP/2.0/UDP host4.example.com:5060"
            + ";branch=z9hG4bKkdju43234\nMax-Forwards: 70\n"
            + "From: \"Bell, Alexander\" <sip:a.g.bell@example.com>;tag=433423\n"
            + "To: \"Watson, Thomas\" < sip:t.watson@example.org >\nCall-ID: badaspec.sdf0234\n"
            + "CSeq: 3923423 OPTIONS\nl: 0\n\n"),
    BADDN(
        "OPTIONS sip:t.watson@example.org SIP/2.0\nVia: SIP/2.0/UDP c.example.com:5060"
            + ";branch=z9hG4bKkdjuw\nMax-Forwards: 70\n"
            + "From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43\n"
            + "To: Watson, Thomas <sip:t.watson@example.org>\nCall-ID: baddn.31415@c.example.com\n"
            + "CSeq: 3923423 OPTIONS\nl: 0\n\n"),
    SCALAR02_HOPS(
        "REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342\n"
            + REST.replace("Max-Forwards: 70", "Max-Forwards: 300")
            + "CSeq: 36 REGISTER\nContent-Length: 0\n\n"),
    MULTI01_HOPS(
        "INVITE sip:user@company.com SIP/2.0\n"
            + VIA
            + REST
            + "max-forwards: 5\nCSeq: 5 INVITE\nl: 0\n\n");

    final String text;

    Illegal(String text) {
      this.text = crlf(text);
    }
  }

  private static SipMessage parsed(String text) {
    final SipMessage message = new SipMessage();
    message.parse(new UnsafeBuffer(text.getBytes(ISO_8859_1)), 0, text.length());
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void legal(Legal message) {
    assertThat(parsed(message.text).defect()).isEqualTo(SipDefect.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void illegal(Illegal message) {
    assertThat(parsed(message.text).defect()).isNotEqualTo(SipDefect.NONE);
  }

  /** Whatever it is, the core stays up, and a legal request is answered. */
  @Test
  void throughTheCore() {
    try (SipRig rig = new SipRig()) {
      for (final Legal message : Legal.values()) {
        final SipClient client = rig.open("alice");
        client.saysExactly(message.text);
        if (!message.text.startsWith("SIP/")) {
          assertThat(client.hears()).as(message.name()).startsWith("SIP/2.0 ");
        }
      }
      for (final Illegal message : Illegal.values()) {
        final SipClient client = rig.open("alice");
        client.saysExactly(message.text);
        final boolean answerable = parsed(message.text).isAnswerable();
        assertThat(client.hearsAll()).as(message.name()).hasSize(answerable ? 1 : 0);
      }
    }
  }
}
