package org.millrace.bench.load.client;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of times in ns, all of one shape so that they add up. */
public final class Latencies {
  /** What takes longer counts as so long. */
  public static final long HIGHEST_NS = 3_600_000_000_000L;

  private static final int DIGITS = 3;

  private Latencies() {}

  /** An empty one. */
  public static Histogram histogram() {
    return new Histogram(HIGHEST_NS, DIGITS);
  }

  /** Counts a time; one before zero, as of clocks that differ, counts as zero. */
  public static void record(Histogram histogram, long ns) {
    histogram.recordValue(Math.max(0, Math.min(HIGHEST_NS, ns)));
  }

  /** As text that {@link #decode} reads. */
  public static String encode(Histogram histogram) {
    final ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    final int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
  }

  /** Reads what {@link #encode} wrote. */
  public static Histogram decode(String text) {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(text)), HIGHEST_NS);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not a histogram", e);
    }
  }
}
