package org.millrace.jetty;

import org.millrace.jetty.admin.AdmissionSwitch;
import org.millrace.jetty.handshake.HandshakeSwitch;

/** The handshakes' switch in the hands of operators. */
record Admission(HandshakeSwitch gate) implements AdmissionSwitch {
  @Override
  public void enable() {
    gate.enable();
  }

  @Override
  public void disable() {
    gate.disable();
  }

  @Override
  public boolean isEnabled() {
    return gate.isEnabled();
  }

  @Override
  public void drain() {
    gate.drain();
  }

  @Override
  public void undrain() {
    gate.undrain();
  }

  @Override
  public boolean isDraining() {
    return gate.isDraining();
  }
}
