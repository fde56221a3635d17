package org.millrace.jetty.upstream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.millrace.jetty.config.UpstreamConfig.Header;
import org.millrace.jetty.config.UpstreamConfig.WsClientConfig;

/** One opening handshake as a client: its request, and whether an answer is what was asked for. */
final class WsHandshake {
  /** RFC 6455 section 1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final WsClientConfig config;
  private final String host;
  private final String key;

  /**
   * @param host as the Host field has it: with a port only if that is not the default one.
   * @param nonce 16 random bytes, fresh for each attempt.
   */
  WsHandshake(WsClientConfig config, String host, byte[] nonce) {
    this.config = config;
    this.host = host;
    key = Base64.getEncoder().encodeToString(nonce);
  }

  byte[] request() {
    final StringBuilder request = new StringBuilder(512);
    request.append("GET ").append(config.path()).append(" HTTP/1.1\r\n");
    field(request, "Host", host);
    field(request, "Upgrade", "websocket");
    field(request, "Connection", "Upgrade");
    field(request, "Sec-WebSocket-Key", key);
    field(request, "Sec-WebSocket-Version", "13");
    field(request, "Sec-WebSocket-Protocol", config.subProtocol());
    config.origin().ifPresent(origin -> field(request, "Origin", origin));
    for (final Header header : config.headers()) {
      field(request, header.name(), header.value());
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void field(StringBuilder request, String name, String value) {
    request.append(name).append(": ").append(value).append("\r\n");
  }

  /** What is wrong with an answer; empty if nothing is. */
  Optional<String> defect(ResponseHead head) {
    if (head.status() != 101) {
      return Optional.of("answered with status " + head.status());
    }
    final List<String> upgrade = head.values("upgrade");
    if (upgrade.size() != 1 || !upgrade.get(0).equalsIgnoreCase("websocket")) {
      return Optional.of("Upgrade is not websocket");
    }
    if (head.members("connection").stream().noneMatch("upgrade"::equalsIgnoreCase)) {
      return Optional.of("Connection has no upgrade");
    }
    if (!head.values("sec-websocket-accept").equals(List.of(accept()))) {
      return Optional.of("Sec-WebSocket-Accept does not answer the key");
    }
    if (!head.members("sec-websocket-extensions").isEmpty()) {
      return Optional.of("an extension that was not offered");
    }
    return isSubProtocol(head)
        ? Optional.empty()
        : Optional.of("Sec-WebSocket-Protocol is not " + config.subProtocol());
  }

  private boolean isSubProtocol(ResponseHead head) {
    final String name = "sec-websocket-protocol";
    return config.acceptSubProtocolList()
        ? head.members(name).contains(config.subProtocol())
        : head.values(name).equals(List.of(config.subProtocol()));
  }

  private String accept() {
    try {
      final MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
