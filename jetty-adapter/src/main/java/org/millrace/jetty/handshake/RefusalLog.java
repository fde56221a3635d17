package org.millrace.jetty.handshake;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for every handshake that is refused, in a form that fail2ban can read, and never so many
 * of them that a flood fills the disk. Nothing that a client sent can break a line.
 */
public final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger("org.millrace.handshake");
  private static final int MAX_VALUE = 120;

  private final TokenBucket lines;
  private final LongSupplier nanoClock;
  private final LongAdder suppressed = new LongAdder();

  /**
   * Creates the log of a process.
   *
   * @param linesPerSecond in the long run; twice as many at once.
   */
  public RefusalLog(int linesPerSecond, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.lines = new TokenBucket(linesPerSecond, 2 * linesPerSecond, nanoClock.getAsLong());
  }

  /** Lines that were left out and have not been reported yet. */
  public long suppressed() {
    return suppressed.sum();
  }

  /**
   * Logs a refusal.
   *
   * @param client absent if that could not be told from the socket's peer.
   */
  void refused(
      String listener,
      SocketAddress transport,
      SocketAddress client,
      Optional<String> path,
      Refusal refusal) {
    if (!lines.tryTake(nanoClock.getAsLong())) {
      suppressed.increment();
      return;
    }
    final long left = suppressed.sumThenReset();
    if (left > 0) {
      LOG.warn("suppressed lines={}", left);
    }
    final StringBuilder line = new StringBuilder(160).append("refused");
    appendAddress(line, "address", client == null ? transport : client);
    if (client != null && !client.equals(transport)) {
      appendAddress(line, "transport", transport);
    }
    append(line, "listener", listener);
    append(line, "path", path.orElse("-"));
    append(line, "status", Integer.toString(refusal.status()));
    append(line, "reason", refusal.reason().label());
    refusal.detail().ifPresent(detail -> append(line, "detail", detail));
    LOG.warn(line.toString());
  }

  private static void appendAddress(StringBuilder line, String name, SocketAddress address) {
    if (address instanceof InetSocketAddress ip && ip.getAddress() != null) {
      append(line, name, ip.getAddress().getHostAddress());
      if (name.equals("address")) {
        append(line, "port", Integer.toString(ip.getPort()));
      }
    } else {
      append(line, name, "-");
    }
  }

  private static void append(StringBuilder line, String name, String value) {
    line.append(' ').append(name).append('=');
    final int length = Math.min(value.length(), MAX_VALUE);
    final boolean quoted = !isPlain(value, length);
    if (quoted) {
      line.append('"');
    }
    for (int i = 0; i < length; i++) {
      final char c = value.charAt(i);
      line.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? '?' : c);
    }
    if (length < value.length()) {
      line.append("...");
    }
    if (quoted) {
      line.append('"');
    }
  }

  private static boolean isPlain(String value, int length) {
    for (int i = 0; i < length; i++) {
      final char c = value.charAt(i);
      if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') {
        return false;
      }
    }
    return length > 0;
  }
}
