package org.millrace.jetty.handshake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The base request of the HS vectors, and changes to it. */
final class Requests {
  private final List<String> lines;

  private Requests(List<String> lines) {
    this.lines = lines;
  }

  static Requests base() {
    return new Requests(
        List.of(
            "GET /ws HTTP/1.1",
            "Host: edge.example.com",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: sip",
            "Origin: https://app.example.com"));
  }

  Requests line(String requestLine) {
    final List<String> changed = new ArrayList<>(lines);
    changed.set(0, requestLine);
    return new Requests(changed);
  }

  Requests with(String name, String value) {
    return new Requests(
        lines.stream()
            .map(line -> line.startsWith(name + ":") ? name + ": " + value : line)
            .toList());
  }

  Requests without(String name) {
    return new Requests(lines.stream().filter(line -> !line.startsWith(name + ":")).toList());
  }

  Requests plus(String... more) {
    final List<String> changed = new ArrayList<>(lines);
    changed.addAll(Arrays.asList(more));
    return new Requests(changed);
  }

  String text() {
    return lines.stream().collect(Collectors.joining("\r\n", "", "\r\n\r\n"));
  }
}
