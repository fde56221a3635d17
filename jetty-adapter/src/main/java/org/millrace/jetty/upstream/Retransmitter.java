package org.millrace.jetty.upstream;

import org.agrona.DirectBuffer;

final class Retransmitter {
  int poll(long nowNs) {
    return 0;
  }

  void onMessage(DirectBuffer buffer, int offset, int length, long nowNs) {}

  long nextNs() {
    return System.nanoTime() + 100_000_000L;
  }
}
