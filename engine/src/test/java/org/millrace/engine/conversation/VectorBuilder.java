package org.millrace.engine.conversation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.millrace.engine.connection.ConnectionContext;
import org.millrace.engine.connection.SendResult;
import org.millrace.engine.conversation.ConversationVector.Action;
import org.millrace.engine.conversation.ConversationVector.Step;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.harness.RecordingHandler.Received;
import org.millrace.engine.reference.Bytes;

/** Writes a {@link ConversationVector} down as the specification does: ⟶ is in, ⟵ is out. */
final class VectorBuilder {
  private final String id;
  private final String name;
  private final ConnectionContext context = context();
  private final List<Step> steps = new ArrayList<>();
  private Duration silence = Duration.ZERO;
  private Ending ending = Ending.endOfInput();

  private VectorBuilder(String id, String name) {
    this.id = id;
    this.name = name;
  }

  static VectorBuilder vector(String id, String name) {
    return new VectorBuilder(id, name);
  }

  /** The specification's settings, but that a message may come byte by byte. */
  static ConnectionContext context() {
    return new ConnectionContext().maxMessageSize(65_536).maxReadsPerMessage(1 << 20);
  }

  static Received text(Bytes payload) {
    return received(Opcode.TEXT, payload);
  }

  static Received binary(Bytes payload) {
    return received(Opcode.BINARY, payload);
  }

  private static Received received(int opcode, Bytes payload) {
    return new Received(opcode, HexFormat.of().formatHex(payload.toArray()));
  }

  /** The context to change before anything else. */
  ConnectionContext with() {
    return context;
  }

  VectorBuilder client() {
    context.role(Role.CLIENT);
    return this;
  }

  VectorBuilder in(String hex) {
    return in(Bytes.ofHex(hex));
  }

  VectorBuilder in(Bytes bytes) {
    steps.add(new Step(bytes, null, List.of(), Bytes.EMPTY));
    return this;
  }

  /** The last step writes. */
  VectorBuilder out(String hex) {
    return out(Bytes.ofHex(hex));
  }

  VectorBuilder out(Bytes bytes) {
    final Step last = steps.remove(steps.size() - 1);
    steps.add(new Step(last.in(), last.action(), last.messages(), last.out().followedBy(bytes)));
    return this;
  }

  /** The last step delivers a message. */
  VectorBuilder delivers(Received message) {
    final Step last = steps.remove(steps.size() - 1);
    final List<Received> messages = new ArrayList<>(last.messages());
    messages.add(message);
    steps.add(new Step(last.in(), last.action(), List.copyOf(messages), last.out()));
    return this;
  }

  VectorBuilder text(String text) {
    return delivers(text(Bytes.utf8(text)));
  }

  VectorBuilder binary(String hex) {
    return delivers(binary(Bytes.ofHex(hex)));
  }

  /** The last step makes a server fail the connection. */
  VectorBuilder fails(int code, Violation violation) {
    return out(Bytes.of(0x88, 0x02, code >> 8, code)).ends(Ending.failed(code, violation));
  }

  VectorBuilder send(int opcode, Bytes message) {
    return does(
        (engine, connection) -> {
          final int result = engine.send(connection, opcode, message.toArray());
          if (result != SendResult.SENT) {
            throw new AssertionError("send answered " + result);
          }
        });
  }

  VectorBuilder close(int code, String reason) {
    return does((engine, connection) -> engine.engine().close(connection.id(), code, reason));
  }

  private VectorBuilder does(Action action) {
    steps.add(new Step(Bytes.EMPTY, action, List.of(), Bytes.EMPTY));
    return this;
  }

  VectorBuilder silence(Duration time) {
    silence = time;
    return this;
  }

  VectorBuilder ends(Ending how) {
    ending = how;
    return this;
  }

  ConversationVector build() {
    return new ConversationVector(
        id, name, context.conclude(), List.copyOf(steps), silence, ending);
  }
}
