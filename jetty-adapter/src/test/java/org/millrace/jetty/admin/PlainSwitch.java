package org.millrace.jetty.admin;

/** A switch that switches nothing. */
final class PlainSwitch implements AdmissionSwitch {
  private volatile boolean enabled = true;
  private volatile boolean draining;

  @Override
  public void enable() {
    enabled = true;
  }

  @Override
  public void disable() {
    enabled = false;
  }

  @Override
  public boolean isEnabled() {
    return enabled;
  }

  @Override
  public void drain() {
    draining = true;
  }

  @Override
  public void undrain() {
    draining = false;
  }

  @Override
  public boolean isDraining() {
    return draining;
  }
}
