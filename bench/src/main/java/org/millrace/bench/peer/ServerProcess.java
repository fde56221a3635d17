package org.millrace.bench.peer;

import java.io.IOException;
import java.net.URI;
import java.util.OptionalLong;

/** A server on trial, in processes of its own. */
public interface ServerProcess extends AutoCloseable {
  /** Where to connect to. */
  URI uri(boolean secure);

  /** The process, or the one that all others descend from. */
  long pid();

  /** Bytes of heap that are in use when the garbage is gone; none if it is no JVM. */
  OptionalLong heapInUse() throws IOException;

  /** Bytes of memory that the processes hold, where shared memory counts once. */
  default long residentBytes() throws IOException {
    return Resident.bytes(ProcessHandle.of(pid()).orElseThrow());
  }

  /** How it was set up. */
  String note();

  @Override
  void close() throws IOException;
}
