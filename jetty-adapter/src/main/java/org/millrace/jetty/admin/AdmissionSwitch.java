package org.millrace.jetty.admin;

/**
 * Whether opening handshakes are let in. Operators switch them off and on again; a drain refuses
 * them because this process is about to end. Any thread.
 */
public interface AdmissionSwitch {
  /** Lets handshakes in, unless a drain refuses them. */
  void enable();

  /** Refuses handshakes with 503; what is open stays. */
  void disable();

  boolean isEnabled();

  /** Refuses handshakes with 503 until {@link #undrain}. */
  void drain();

  void undrain();

  boolean isDraining();

  /** Whether load balancers should send clients here. */
  default boolean isReady() {
    return isEnabled() && !isDraining();
  }
}
