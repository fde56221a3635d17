package org.millrace.jetty.admin;

import java.util.Collection;
import java.util.List;

/** Who is registered where. What it returns are records or beans, listed as JSON. Any thread. */
public interface BindingLookup {
  /** Nobody. */
  BindingLookup NONE =
      new BindingLookup() {
        @Override
        public Collection<?> some(int mostAddresses) {
          return List.of();
        }

        @Override
        public Collection<?> of(String address) {
          return List.of();
        }
      };

  /** The bindings of some addresses of record, in no order. */
  Collection<?> some(int mostAddresses);

  /**
   * The bindings of one address of record.
   *
   * @param address {@code user@host}.
   */
  Collection<?> of(String address);
}
