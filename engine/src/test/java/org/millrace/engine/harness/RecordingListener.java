package org.millrace.engine.harness;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.connection.ClosedEvent;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.ConnectionListener;

/** Notes the ids of all connections that opened, and all closed events. */
public final class RecordingListener implements ConnectionListener {
  private final List<Long> opened = new ArrayList<>();
  private final List<ClosedEvent> closed = new ArrayList<>();

  @Override
  public void onOpened(Connection connection) {
    opened.add(connection.id());
  }

  @Override
  public void onClosed(Connection connection, ClosedEvent event) {
    closed.add(event);
  }

  public List<Long> opened() {
    return opened;
  }

  public List<ClosedEvent> closed() {
    return closed;
  }
}
