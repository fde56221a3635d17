package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handshakes over HTTP/2. */
class Http2Test extends HandshakeTest {
  private static final int TIMEOUT_S = 60;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;

  /** Index 12 of HPACK's static table. */
  private static final byte STATUS_400 = (byte) 0x8c;

  private HTTP2Client client;
  private Session session;

  @BeforeEach
  void connectOverHttp2() throws Exception {
    config.tls = true;
    config.origins = List.of("https://app.example.com");
    edge = new TestEdge(config, Optional.of(TestTls.server()));
    client = new HTTP2Client();
    client.setConnectTimeout(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
    client.setIdleTimeout(0);
    client.start();
    final SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setTrustStore(TestTls.trust());
    tls.setEndpointIdentificationAlgorithm(null);
    client.addBean(tls);
    tls.start();
    session =
        client
            .connect(
                tls,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()),
                new Session.Listener() {})
            .get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  @AfterEach
  void stopClient() throws Exception {
    client.stop();
  }

  private static HttpFields.Mutable fields() {
    return HttpFields.build()
        .put("sec-websocket-version", "13")
        .put("sec-websocket-protocol", "sip")
        .put("origin", "https://app.example.com");
  }

  private static MetaData.Request connect(String path, HttpFields fields, String protocol) {
    return new MetaData.ConnectRequest(
        "https", new HostPortHttpField("edge.example.com"), path, fields, protocol);
  }

  /** Head of the response. */
  private MetaData.Response answer(MetaData.Request request, boolean last) throws Exception {
    final CompletableFuture<MetaData.Response> answer = new CompletableFuture<>();
    session.newStream(
        new HeadersFrame(request, null, last),
        Promise.noop(),
        new Stream.Listener() {
          @Override
          public void onHeaders(Stream stream, HeadersFrame frame) {
            answer.complete((MetaData.Response) frame.getMetaData());
          }
        });
    return answer.get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  private MetaData.Response extended(String path, HttpFields fields, String protocol)
      throws Exception {
    return answer(connect(path, fields, protocol), false);
  }

  @Test
  void h202ExtendedConnect() throws Exception {
    final MetaData.Response answer = extended("/ws", fields(), "websocket");
    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getHttpFields().get("sec-websocket-protocol")).isEqualTo("sip");
    assertThat(answer.getHttpFields().contains("sec-websocket-accept")).isFalse();
    final AcceptedHandshake accepted = edge.accepted.remove();
    assertThat(accepted.path().path()).isEqualTo("/ws");
    assertThat(edge.threads.remove().getName()).startsWith("edge-");
  }

  @Test
  void h203PlainConnectIsNeverATunnel() throws Exception {
    final HttpURI uri = HttpURI.build().authority("edge.example.com", 443);
    final MetaData.Request request =
        new MetaData.Request("CONNECT", uri, HttpVersion.HTTP_2, HttpFields.EMPTY);
    assertThat(answer(request, false).getStatus()).isIn(405, 501);
    assertThat(edge.accepted).isEmpty();
  }

  @Test
  void h204OtherFailures() throws Exception {
    assertThat(extended("/ws", fields(), "foo").getStatus()).isEqualTo(501);
    final HttpFields noSubProtocol = fields().remove("sec-websocket-protocol");
    assertThat(extended("/ws", noSubProtocol, "websocket").getStatus()).isEqualTo(400);
    final MetaData.Response old =
        extended("/ws", fields().put("sec-websocket-version", "12"), "websocket");
    assertThat(old.getStatus()).isEqualTo(426);
    assertThat(old.getHttpFields().get("sec-websocket-version")).isEqualTo("13");
    assertThat(extended("/nope", fields(), "websocket").getStatus()).isEqualTo(404);
    assertThat(
            extended("/ws", fields().put("origin", "https://evil.test"), "websocket").getStatus())
        .isEqualTo(403);
    edge.gate.disable();
    assertThat(extended("/ws", fields(), "websocket").getStatus()).isEqualTo(503);
    assertThat(edge.accepted).isEmpty();
  }

  /**
   * By hand, since Jetty's client leaves such a field out. RFC 9113, section 8.1.1, has a stream
   * error for it, and allows an answer before.
   */
  @Test
  void h204ConnectionHeaderIsAnError() throws Exception {
    final ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "CONNECT");
    literal(block, ":protocol", "websocket");
    literal(block, ":scheme", "https");
    literal(block, ":path", "/ws");
    literal(block, ":authority", "edge.example.com");
    literal(block, "connection", "upgrade");
    try (RawClient raw = new RawClient(TestTls.connectOverHttp2(edge.port()))) {
      raw.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      raw.send(frame(SETTINGS, 0, 0, new byte[0]));
      raw.send(frame(HEADERS, 4, 1, block.toByteArray()));
      assertThat(payloadOf(HEADERS, raw)).contains(STATUS_400);
      payloadOf(RST_STREAM, raw);
    }
    assertThat(edge.accepted).isEmpty();
    assertThat(edge.counters.failedHandshakes(RefusalReason.SYNTAX)).isEqualTo(1);
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Payload of the next frame of a type. */
  private static byte[] payloadOf(int wanted, RawClient raw) {
    while (true) {
      final int lengthAndType = ByteBuffer.wrap(raw.bytes(9)).getInt();
      final byte[] payload = raw.bytes(lengthAndType >>> 8);
      if ((lengthAndType & 0xFF) == wanted) {
        return payload;
      }
    }
  }

  @Test
  void getIsNoHandshake() throws Exception {
    final HttpURI uri = HttpURI.from("https://edge.example.com/ws");
    final MetaData.Request request = new MetaData.Request("GET", uri, HttpVersion.HTTP_2, fields());
    assertThat(answer(request, true).getStatus()).isEqualTo(405);
  }

  @Test
  void healthIsAnsweredOverHttp2Too() throws Exception {
    final HttpURI uri = HttpURI.from("https://edge.example.com/healthz");
    final MetaData.Request request =
        new MetaData.Request("GET", uri, HttpVersion.HTTP_2, HttpFields.EMPTY);
    assertThat(answer(request, true).getStatus()).isEqualTo(200);
  }
}
