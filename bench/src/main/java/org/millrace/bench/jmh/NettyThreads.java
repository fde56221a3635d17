package org.millrace.bench.jmh;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Gives JMH worker threads of Netty's own kind; see {@link JmhSettings#NETTY_EXECUTOR}. JMH makes
 * it by reflection.
 */
public final class NettyThreads extends ThreadPoolExecutor {
  public NettyThreads(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix));
  }
}
