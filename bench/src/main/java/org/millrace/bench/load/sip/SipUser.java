package org.millrace.bench.load.sip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.millrace.bench.load.client.Connection;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Pending;
import org.millrace.engine.frame.FrameEncoder;
import org.millrace.engine.frame.Opcode;
import org.millrace.engine.frame.Role;

/**
 * A user who sends requests when they are due, finds the answers to them by their branches, and
 * answers what others send. What is to leave waits for the end of the cycle, so that it leaves in
 * one write.
 */
public final class SipUser implements Conversation {
  private static final int MASKING_KEY = 0x5A17C3E9;
  private static final int OK = 200;
  private static final int FIRST_FAILURE = 300;
  private static final int ROOM = 1024;
  private static final int LONG_HEADER = 8;
  private static final int LONGEST_SHORT = 125;
  private static final int CRLF_CRLF = 4;
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] INVITE = ascii("INVITE ");
  private static final byte[] ACK = ascii("ACK ");
  private static final byte[] RINGING = ascii("SIP/2.0 180 Ringing\r\n");
  private static final byte[] ANSWER_OK = ascii("SIP/2.0 200 OK\r\n");
  private static final byte[] EMPTY = ascii("Content-Length: 0\r\n\r\n");

  private final SipStage stage;
  private final int number;
  private final int partner;
  private final byte[] tag;
  private final byte[] accepted;
  private final Pending pending = new Pending();
  private Connection connection;
  private ByteBuffer outgoing = empty(0);
  private ByteBuffer leaving = empty(0);
  private ByteBuffer incoming = empty(0);

  /** A user and the one whom it writes to or calls. */
  public SipUser(SipStage stage, int number, int partner) {
    this.stage = stage;
    this.number = number;
    this.partner = partner;
    tag = ascii("t" + number);
    accepted = ascii(SipTexts.accepted(number));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuffer empty(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  @Override
  public void opened(Connection opened) {
    connection = opened;
    if (stage.isOfPairs()) {
      makeRoom(stage.registration().length());
      stage.registration().put(outgoing, 1, number, partner);
      connection.wake();
    }
  }

  /** Begins the closed loop. */
  public void start() {
    for (int i = 0; i < stage.outstanding(); i++) {
      next();
    }
  }

  private void next() {
    if (stage.outstanding() > 0 && stage.meter().nowNs() < stage.meter().endNs()) {
      stage.meter().intended(stage.meter().nowNs());
      due(stage.meter().nowNs());
    }
  }

  @Override
  public void due(long intendedNs) {
    pending.add(intendedNs);
    if (connection != null) {
      connection.wake();
    }
  }

  @Override
  public ByteBuffer nextBatch() {
    final ByteBuffer batch = stage.batch().clear();
    if (outgoing.position() > 0) {
      final ByteBuffer answers = outgoing.flip();
      outgoing = leaving.clear();
      leaving = answers;
      return answers;
    }
    final Template template = stage.measured();
    while (pending.due() > 0 && batch.remaining() >= template.length()) {
      final long sequence = pending.firstDue();
      stage.meter().sent(pending.send());
      template.put(batch, sequence, number, partner);
    }
    return batch.position() == 0 ? null : batch.flip();
  }

  private void makeRoom(int length) {
    if (outgoing.remaining() < length) {
      outgoing = empty(2 * (outgoing.position() + length)).put(outgoing.flip());
    }
  }

  @Override
  public void received(ByteBuffer bytes, int from, int to, boolean first, boolean last)
      throws IOException {
    if (first && last) {
      whole(bytes, from, to);
      return;
    }
    if (incoming.remaining() < to - from) {
      incoming = empty(2 * (incoming.position() + to - from)).put(incoming.flip());
    }
    incoming.put(incoming.position(), bytes, from, to - from);
    incoming.position(incoming.position() + to - from);
    if (last) {
      final int length = incoming.position();
      whole(incoming.clear(), 0, length);
    }
  }

  private void whole(ByteBuffer bytes, int from, int to) throws IOException {
    final SipMessage message = stage.message();
    message.set(bytes, from, to);
    if (message.length() <= CRLF_CRLF) {
      if (message.length() == CRLF_CRLF) {
        makeRoom(ROOM);
        frame(outgoing.position(), CRLF);
      }
    } else if (message.isResponse()) {
      response(message);
    } else if (!message.isMethod(ACK)) {
      answer(message);
    }
  }

  private void response(SipMessage message) throws IOException {
    final int status = message.status();
    final char kind = message.kind();
    if (status < OK || kind == 0) {
      return;
    }
    switch (kind) {
      case SipTexts.REGISTRATION -> registered(status);
      case SipTexts.MEASURED -> measured(message, status);
      case SipTexts.BYE -> ended(status);
      default -> stage.meter().note("answers to nothing");
    }
  }

  private void registered(int status) {
    if (status < FIRST_FAILURE) {
      stage.registered();
    } else {
      stage.notRegistered(status);
    }
  }

  private void measured(SipMessage message, int status) {
    final long sequence = message.sequence();
    if (!pending.isOpen(sequence)) {
      stage.meter().note("answers that came twice");
      return;
    }
    stage.meter().answered(pending.answer(sequence));
    final boolean isCall = stage.request() == SipStage.Request.INVITE;
    if (status >= FIRST_FAILURE) {
      stage.meter().error(stage.request() + " was answered " + status);
    }
    if (isCall) {
      final Call call = message.call(number, sequence);
      if (status < FIRST_FAILURE) {
        say(stage.texts().within(call, "ACK", SipTexts.ACK, 1));
        stage.begun(this, call);
        return;
      }
      say(stage.texts().refused(call, partner));
    }
    next();
  }

  /** Ends a call. */
  void hangUp(Call call) {
    say(stage.texts().within(call, "BYE", SipTexts.BYE, 2));
  }

  private void ended(int status) {
    stage.ended();
    if (status >= FIRST_FAILURE) {
      stage.meter().error("BYE was answered " + status);
    } else {
      stage.meter().note("calls that ended with BYE");
    }
    next();
  }

  private void answer(SipMessage request) throws IOException {
    makeRoom(2 * (request.length() + ROOM));
    if (request.isMethod(INVITE)) {
      answer(request, RINGING, EMPTY);
      answer(request, ANSWER_OK, accepted);
    } else {
      answer(request, ANSWER_OK, EMPTY);
    }
    connection.wake();
  }

  private void answer(SipMessage request, byte[] statusLine, byte[] rest) throws IOException {
    final int from = outgoing.position();
    outgoing.position(from + LONG_HEADER);
    outgoing.put(statusLine);
    request.copyForAnswer(outgoing, tag);
    outgoing.put(rest);
    final int length = outgoing.position() - from - LONG_HEADER;
    if (length <= LONGEST_SHORT) {
      throw new IOException("the server sent a SIP request without what an answer needs");
    }
    encode(from, length);
  }

  private void encode(int from, int length) {
    outgoing.position(
        from
            + FrameEncoder.encode(
                Role.CLIENT, Opcode.TEXT, true, outgoing, from, length, () -> MASKING_KEY));
  }

  private void say(String text) {
    final byte[] bytes = ascii(text);
    makeRoom(bytes.length + ROOM);
    frame(outgoing.position(), bytes);
  }

  private void frame(int from, byte[] text) {
    outgoing.put(from + FrameEncoder.headerLength(Role.CLIENT, text.length), text);
    encode(from, text.length);
    if (connection != null) {
      connection.wake();
    }
  }

  @Override
  public boolean mayClose(int code) {
    return false;
  }

  @Override
  public void gone() {
    connection = null;
  }
}
