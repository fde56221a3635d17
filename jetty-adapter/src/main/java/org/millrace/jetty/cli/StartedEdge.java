package org.millrace.jetty.cli;

import java.net.URI;
import java.util.List;
import org.millrace.jetty.Edge;

/** The real one. */
record StartedEdge(Edge edge) implements RunningEdge {
  @Override
  public List<URI> addresses() {
    return edge.addresses();
  }

  @Override
  public URI adminAddress() {
    return edge.adminAddress().orElse(null);
  }

  @Override
  public boolean drain() {
    return edge.drain();
  }

  @Override
  public void close() {
    edge.close();
  }
}
