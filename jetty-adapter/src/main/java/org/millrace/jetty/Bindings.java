package org.millrace.jetty;

import java.util.Collection;
import org.millrace.engine.sip.EmbeddedCore;
import org.millrace.jetty.admin.BindingLookup;

/** Who is registered with the embedded core. */
record Bindings(EmbeddedCore core) implements BindingLookup {
  @Override
  public Collection<?> some(int mostAddresses) {
    return core.bindings(mostAddresses);
  }

  @Override
  public Collection<?> of(String address) {
    return core.bindingsOf(address);
  }
}
