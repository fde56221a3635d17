package org.millrace.jetty.handshake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes exact bytes and reads what comes back, over a blocking socket with time-outs. */
final class RawClient implements AutoCloseable {
  static final int TIMEOUT_MS = 60_000;

  private final Socket socket;

  RawClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient(Socket socket) {
    this.socket = socket;
  }

  Socket socket() {
    return socket;
  }

  RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Head of a response, and the body that it announces. */
  record Answer(int status, String reason, List<String> fields, String body) {
    List<String> values(String name) {
      final String prefix = name.toLowerCase(Locale.ROOT) + ": ";
      return fields.stream()
          .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(field -> field.substring(prefix.length()))
          .toList();
    }
  }

  Answer answer() {
    final List<String> lines = new ArrayList<>();
    String line = line();
    while (!line.isEmpty()) {
      lines.add(line);
      line = line();
    }
    final String[] status = lines.get(0).split(" ", 3);
    final Answer head =
        new Answer(Integer.parseInt(status[1]), status[2], lines.subList(1, lines.size()), "");
    final List<String> lengths = head.values("content-length");
    final int length = lengths.isEmpty() ? 0 : Integer.parseInt(lengths.get(0));
    final String body = new String(bytes(length), StandardCharsets.UTF_8);
    return new Answer(head.status(), head.reason(), head.fields(), body);
  }

  private String line() {
    final ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      final int b = read();
      if (b < 0) {
        throw new IllegalStateException("closed after: " + line);
      }
      if (b == '\n') {
        final String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
          throw new IllegalStateException("bare LF: " + text);
        }
        return text.substring(0, text.length() - 1);
      }
      line.write(b);
    }
  }

  /** Next byte; -1 at the end. */
  int read() {
    try {
      return socket.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes(int count) {
    try {
      final InputStream in = socket.getInputStream();
      return in.readNBytes(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
