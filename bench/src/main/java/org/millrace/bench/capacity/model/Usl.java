package org.millrace.bench.capacity.model;

/**
 * Gunther's Universal Scalability Law: what a server does when it has so many messages at a time.
 *
 * @param lambda messages a second with one at a time.
 * @param sigma contention: the share of a message that no other can run beside.
 * @param kappa coherence: what each pair of messages costs one another; 0 where more at a time
 *     never make the whole slower.
 */
public record Usl(double lambda, double sigma, double kappa) {
  /** Messages a second with so many at a time. */
  public double at(double concurrency) {
    final double more = concurrency - 1;
    return lambda * concurrency / (1 + sigma * more + kappa * concurrency * more);
  }

  /** How many at a time yield the most; infinite without coherence. */
  public double peak() {
    return kappa > 0 ? Math.sqrt(Math.max(0, 1 - sigma) / kappa) : Double.POSITIVE_INFINITY;
  }

  /** The most messages a second, at the peak or ever nearer with more at a time. */
  public double most() {
    if (kappa > 0) {
      return at(Math.max(1, peak()));
    }
    return sigma > 0 ? lambda / sigma : Double.POSITIVE_INFINITY;
  }
}
