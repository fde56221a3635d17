package org.millrace.jetty.handshake;

/** Whether opening handshakes are let in at all; set by the admin interface and by draining. */
public final class HandshakeSwitch {
  private volatile boolean enabled = true;
  private volatile boolean draining;

  /** Lets handshakes in again, as {@code ws.enable} does; not while draining. */
  public void enable() {
    enabled = true;
  }

  /** Refuses new handshakes, as {@code ws.disable} does; what is open stays. */
  public void disable() {
    enabled = false;
  }

  /** Refuses new handshakes, because this process is about to end. */
  public void drain() {
    draining = true;
  }

  /** It is not going to end after all. */
  public void undrain() {
    draining = false;
  }

  public boolean isEnabled() {
    return enabled;
  }

  public boolean isDraining() {
    return draining;
  }

  /** Whether load balancers should send clients here. */
  public boolean isReady() {
    return enabled && !draining;
  }
}
