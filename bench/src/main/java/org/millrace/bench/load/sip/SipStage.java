package org.millrace.bench.load.sip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import org.millrace.bench.load.client.Meter;

/** What the users of a run have in common: their requests, the calls that last, the figures. */
public final class SipStage {
  private static final int BATCH = 64 * 1024;
  private static final int EXPIRES = 3600;

  /** What is measured. */
  public enum Request {
    OPTIONS,
    REGISTER,
    MESSAGE,
    INVITE
  }

  /** A call that waits for its end. */
  private record Held(SipUser caller, Call call, long endNs) {}

  private final Meter meter;
  private final SipTexts texts;
  private final Request request;
  private final Template measured;
  private final Template registration;
  private final int outstanding;
  private final long holdNs;
  private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH).order(ByteOrder.nativeOrder());
  private final SipMessage message = new SipMessage();
  private final Queue<Held> held = new ArrayDeque<>();
  private int registered;
  private int calls;
  private String refusal = "";

  /**
   * For a run.
   *
   * @param payload bytes of a MESSAGE's body.
   * @param outstanding requests that each user keeps under way in the closed loop; 0 for the open
   *     loop.
   * @param holdNs how long calls last.
   */
  public SipStage(
      Meter meter, SipTexts texts, Request request, int payload, int outstanding, long holdNs) {
    this.meter = meter;
    this.texts = texts;
    this.request = request;
    this.outstanding = outstanding;
    this.holdNs = holdNs;
    registration = texts.register(SipTexts.REGISTRATION, EXPIRES);
    measured =
        switch (request) {
          case OPTIONS -> texts.options();
          case REGISTER -> texts.register(SipTexts.MEASURED, EXPIRES);
          case MESSAGE -> texts.message(payload);
          case INVITE -> texts.invite();
        };
    if (measured.length() > BATCH) {
      throw new IllegalArgumentException("payload: at most 60,000 bytes in a SIP MESSAGE");
    }
  }

  Meter meter() {
    return meter;
  }

  SipTexts texts() {
    return texts;
  }

  Request request() {
    return request;
  }

  Template measured() {
    return measured;
  }

  Template registration() {
    return registration;
  }

  int outstanding() {
    return outstanding;
  }

  ByteBuffer batch() {
    return batch;
  }

  SipMessage message() {
    return message;
  }

  /** Whether users have to be registered before they are called. */
  boolean isOfPairs() {
    return request == Request.MESSAGE || request == Request.INVITE;
  }

  void registered() {
    registered++;
  }

  void notRegistered(int status) {
    refusal = "REGISTER was answered " + status;
  }

  /** How many users are registered. */
  public int registrations() {
    return registered;
  }

  /** Why one is not; empty if none was refused. */
  public String refusal() {
    return refusal;
  }

  void begun(SipUser caller, Call call) {
    calls++;
    held.add(new Held(caller, call, meter.nowNs() + holdNs));
  }

  void ended() {
    calls--;
  }

  /** Calls that were accepted and have not ended. */
  public int calls() {
    return calls;
  }

  /** When the next call is to end; {@link Long#MAX_VALUE} if there is none. */
  public long nextEndNs() {
    return held.isEmpty() ? Long.MAX_VALUE : held.peek().endNs;
  }

  /** Ends the calls whose time has come. */
  public void endCalls() {
    while (nextEndNs() <= meter.nowNs()) {
      final Held call = held.remove();
      call.caller.hangUp(call.call);
    }
  }
}
