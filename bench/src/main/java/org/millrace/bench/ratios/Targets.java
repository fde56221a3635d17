package org.millrace.bench.ratios;

/**
 * How many times faster than a peer Millrace must decode a 600-byte text frame.
 *
 * @param asciiJetty ASCII text, against Jetty.
 * @param asciiNetty ASCII text, against Netty.
 * @param mixed text with 10 % multi-byte characters, against either.
 */
record Targets(double asciiJetty, double asciiNetty, double mixed) {
  // From here on C2 vectorises loops over direct ByteBuffers.
  private static final int VECTORISED_SINCE = 25;

  static Targets forJdk(int feature) {
    final double share = feature >= VECTORISED_SINCE ? 1 : 0.5;
    return new Targets(15 * share, 8 * share, 4);
  }

  double of(String content, String peer) {
    if (content.equals(RatiosCommand.MIXED)) {
      return mixed;
    }
    return peer.equals(RatiosCommand.JETTY) ? asciiJetty : asciiNetty;
  }
}
