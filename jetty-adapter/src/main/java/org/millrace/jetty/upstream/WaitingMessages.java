package org.millrace.jetty.upstream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Messages that wait for a connection, in their order and within bounds. Any thread; they
 * are not taken out by two at a time as long as their order matters.
 */
final class WaitingMessages {
  private final int maxMessages;
  private final int maxBytes;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicInteger bytes = new AtomicInteger();
  private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();

  WaitingMessages(int maxMessages, int maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Keeps a copy; false if there is no room. */
  boolean offer(DirectBuffer buffer, int offset, int length) {
    if (!reserve(messages, 1, maxMessages)) {
      return false;
    }
    if (!reserve(bytes, length, maxBytes)) {
      messages.decrementAndGet();
      return false;
    }
    final byte[] copy = new byte[length];
    buffer.getBytes(offset, copy);
    queue.add(copy);
    return true;
  }

  private static boolean reserve(AtomicInteger used, int more, int limit) {
    int now;
    do {
      now = used.get();
      if (now > limit - more) {
        return false;
      }
    } while (!used.compareAndSet(now, now + more));
    return true;
  }

  /** Whether nothing waits, nor is in the hands of who takes it out. */
  boolean isEmpty() {
    return messages.get() == 0;
  }

  /** Takes all of them out. */
  void drain(Consumer<byte[]> consumer) {
    byte[] message;
    while ((message = queue.poll()) != null) {
      try {
        consumer.accept(message);
      } finally {
        bytes.addAndGet(-message.length);
        messages.decrementAndGet();
      }
    }
  }
}
