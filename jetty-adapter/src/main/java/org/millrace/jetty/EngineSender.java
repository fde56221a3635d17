package org.millrace.jetty;

import org.agrona.DirectBuffer;
import org.millrace.engine.Engine;
import org.millrace.engine.sip.FlowSender;

/** The way to connections of the engine. */
record EngineSender(Engine engine) implements FlowSender {
  @Override
  public int send(long id, int opcode, DirectBuffer buffer, int offset, int length) {
    return engine.send(id, opcode, buffer, offset, length);
  }

  @Override
  public boolean close(long id, int code, String reason) {
    return engine.close(id, code, reason);
  }
}
