package org.millrace.jetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.millrace.jetty.config.LimitsConfig;

class HandshakeLimitsTest {
  private final AtomicLong now = new AtomicLong();

  private HandshakeLimits limits(int connections, int perAddress, int addresses) {
    final LimitsConfig config =
        new LimitsConfig(
            connections, perAddress, 0, 1, 10, 5, 64, addresses, Duration.ofMillis(1500));
    return new HandshakeLimits(config, now::get);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void addressesOfAnIpv6PrefixCountAsOne() {
    final HandshakeLimits limits = limits(100, 1, 100);
    limits.admit().orElseThrow().bind(address("2001:db8::1"));
    final ConnectionLease same = limits.admit().orElseThrow();
    same.bind(address("2001:db8::ffff"));
    final ConnectionLease other = limits.admit().orElseThrow();
    other.bind(address("2001:db8:0:1::1"));
    assertThat(same.isOverAddress()).isTrue();
    assertThat(other.isOverAddress()).isFalse();
  }

  @Test
  void leaseIsReleasedOnce() {
    final HandshakeLimits limits = limits(100, 1, 100);
    final ConnectionLease lease = limits.admit().orElseThrow();
    lease.bind(address("192.0.2.1"));
    lease.release();
    lease.release();
    assertThat(limits.connections()).isZero();
    final ConnectionLease next = limits.admit().orElseThrow();
    next.bind(address("192.0.2.1"));
    assertThat(next.isOverAddress()).isFalse();
  }

  @Test
  void bucketRefillsWithTheClockAndNoFurtherThanItsBurst() {
    final HandshakeLimits limits = limits(100, 0, 100);
    final InetAddress client = address("192.0.2.1");
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5; i++) {
        assertThat(limits.tryHandshake(client)).isTrue();
      }
      assertThat(limits.tryHandshake(client)).isFalse();
      assertThat(limits.tryHandshake(address("192.0.2.2"))).isTrue();
      now.addAndGet(TimeUnit.HOURS.toNanos(1));
    }
  }

  @Test
  void tableOfAddressesIsBounded() {
    final HandshakeLimits limits = limits(100, 0, 640);
    for (int i = 0; i < 100_000; i++) {
      limits.tryHandshake(address((i & 0xFF) + "." + (i >> 8 & 0xFF) + "." + (i >> 16) + ".1"));
    }
    assertThat(limits.addresses()).isLessThanOrEqualTo(640);
  }

  @Test
  void addressWithConnectionsIsNotForgotten() {
    final HandshakeLimits limits = limits(100, 1, 64);
    final ConnectionLease held = limits.admit().orElseThrow();
    held.bind(address("198.51.100.1"));
    for (int i = 0; i < 10_000; i++) {
      limits.tryHandshake(address("10." + (i >> 8) + "." + (i & 0xFF) + ".1"));
    }
    final ConnectionLease second = limits.admit().orElseThrow();
    second.bind(address("198.51.100.1"));
    assertThat(second.isOverAddress()).isTrue();
  }

  @Test
  void retryAfterIsRoundedUp() {
    assertThat(limits(1, 1, 1).retryAfterSeconds()).isEqualTo(2);
  }

  @Test
  void countsStayRightUnderRacingBindAndRelease() throws InterruptedException {
    final HandshakeLimits limits = limits(100_000, 50_000, 1000);
    final InetAddress client = address("192.0.2.9");
    final AtomicInteger failures = new AtomicInteger();
    for (int round = 0; round < 2_000; round++) {
      final ConnectionLease lease = limits.admit().orElseThrow();
      final CountDownLatch go = new CountDownLatch(1);
      final List<Thread> threads = new ArrayList<>();
      for (Runnable action : List.<Runnable>of(() -> lease.bind(client), lease::release)) {
        final Thread thread =
            new Thread(
                () -> {
                  try {
                    go.await();
                    action.run();
                  } catch (InterruptedException e) {
                    failures.incrementAndGet();
                  }
                });
        threads.add(thread);
        thread.start();
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(failures).hasValue(0);
    assertThat(limits.connections()).isZero();
    final AddressTable.Entry entry = limits.open(client);
    assertThat(limits.isOver(entry)).isFalse();
    assertThat(limits.connectionsOf(entry)).isEqualTo(1);
  }
}
