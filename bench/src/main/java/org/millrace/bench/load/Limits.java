package org.millrace.bench.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** What the system lets a process have, and what to do about it. */
final class Limits {
  /** Descriptors that a process needs besides those of its connections. */
  private static final int SPARE = 200;

  private Limits() {}

  /**
   * Refuses a plan with more connections than a process may have.
   *
   * @throws IllegalArgumentException with what to do.
   */
  static void require(LoadPlan plan) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      final long most = unix.getMaxFileDescriptorCount() - SPARE;
      final long each = (plan.connections() + plan.processes() - 1L) / plan.processes();
      if (each > most) {
        throw new IllegalArgumentException(
            "a process may have "
                + most
                + " connections here, and this takes "
                + each
                + ": raise the limit with ulimit -n "
                + (each + SPARE)
                + ", or use --processes "
                + ((plan.connections() + most - 1) / most));
      }
    }
  }

  /** The same error, with what to do where that is known. */
  static IOException explained(IOException e) {
    final String message = String.valueOf(e.getMessage());
    if (message.contains("Too many open files")) {
      return new LoadException(
          "the system gives no more sockets: raise the limit with ulimit -n, or use --processes");
    }
    if (message.contains("Cannot assign requested address")) {
      return new LoadException(
          "an address has no free port, or is not of this machine: give further addresses with"
              + " --source 127.0.0.2,127.0.0.3 (for a server on another machine, addresses that"
              + " this one has)");
    }
    return e;
  }
}
