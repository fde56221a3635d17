package org.millrace.engine.sip;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.connection.Connection;
import org.millrace.engine.connection.SendResult;

/**
 * The stateful part: INVITEs to several contacts of a user. Towards the caller it is one
 * transaction (100, at most one failure), towards each contact another, with CANCEL and the ACK of
 * failures made here (RFC 3261 sections 16.7, 16.8, 16.10, 17.1.1.3). All transports are reliable,
 * so nothing is sent twice. One instance a shard and one for the passing of time.
 */
final class Forking {
  /** Characters of a branch with its suffix: a dot and the number of the contact. */
  static final int BRANCH_LENGTH = FlowTokens.BRANCH_LENGTH + 2;

  /** 64 times T1: how long a transaction that is over may still be asked for. */
  private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(32);

  private static final byte[] CANCEL = Octets.ascii("CANCEL");
  private static final byte[] ACK = Octets.ascii("ACK");
  private static final byte[] VERSION = Octets.ascii(" SIP/2.0\r\n");
  private static final byte[] RETURN_TOKEN = Octets.ascii(";eret=");
  private static final byte[] MAX_FORWARDS = Octets.ascii("\r\nMax-Forwards: 70\r\n");
  private static final byte[] CSEQ = Octets.ascii("CSeq: ");
  private static final byte[] NO_CONTENT = Octets.ascii("\r\nContent-Length: 0\r\n\r\n");

  private final SipMessage stored = new SipMessage();
  private final SipWriter text = new SipWriter();
  private final ByteKey key = ByteKey.probe();
  private final byte[] branch = new byte[BRANCH_LENGTH];
  private final ForkTable forks;
  private final FlowTokens tokens;
  private final Forwarder forwarder;
  private final Responder responder;
  private final FlowSender sender;
  private final SipCounters counters;

  Forking(
      ForkTable forks,
      FlowTokens tokens,
      Forwarder forwarder,
      Responder responder,
      FlowSender sender,
      SipCounters counters) {
    this.forks = forks;
    this.tokens = tokens;
    this.forwarder = forwarder;
    this.responder = responder;
    this.sender = sender;
    this.counters = counters;
  }

  // ---- from the caller ----

  /** The fork that a request of the caller is about, or null. */
  Fork find(SipMessage request) {
    if (forks.isEmpty()) {
      return null;
    }
    System.arraycopy(
        tokens.branch(request, request.topVia()), 0, branch, 0, FlowTokens.BRANCH_LENGTH);
    return find();
  }

  private Fork find() {
    key.exactly(branch, 0, FlowTokens.BRANCH_LENGTH);
    return forks.get(key);
  }

  /**
   * Sends an INVITE to several contacts.
   *
   * @param targets flows that were open just now, 2 to 8.
   * @return false, and nothing done, if the table of forks is full.
   */
  boolean start(
      Flow caller,
      SipMessage invite,
      Flow[] targets,
      byte[][] uris,
      int credentials,
      long nowNs,
      long deadlineNs) {
    System.arraycopy(
        tokens.branch(invite, invite.topVia()), 0, branch, 0, FlowTokens.BRANCH_LENGTH);
    key.exactly(branch, 0, FlowTokens.BRANCH_LENGTH);
    final byte[] head = Octets.copy(invite.text(), invite.offset(), invite.bodyOffset());
    final Fork fork = new Fork(key.copy(), caller, head, targets, uris, deadlineNs);
    if (!forks.put(fork)) {
      counters.increment(SipCounter.FORKS_REFUSED);
      return false;
    }
    counters.increment(SipCounter.FORKS);
    responder.begin(invite, Status.TRYING);
    responder.end(caller);
    for (int i = 0; i < targets.length; i++) {
      branchOf(fork, i);
      final int result =
          forwarder.request(
              caller, invite, targets[i], uris[i], credentials, branch, BRANCH_LENGTH);
      if (!SendResult.isAccepted(result)) {
        unreachable(fork, i, nowNs);
      }
    }
    return true;
  }

  /** The caller's CANCEL, ACK of a failure, or INVITE once more. */
  void again(SipMessage request, Fork fork) {
    if (request.method() == SipMethod.CANCEL) {
      responder.answer(fork.caller(), request, Status.OK);
      cancel(fork);
    } else if (request.method() == SipMethod.ACK) {
      counters.increment(SipCounter.ABSORBED_ACKS);
    }
  }

  private void cancel(Fork fork) {
    fork.cancelled();
    for (int i = 0; i < fork.branches(); i++) {
      cancelIfDue(fork, i);
    }
  }

  private void cancelIfDue(Fork fork, int index) {
    if (fork.cancelDue(index)) {
      parseInvite(fork);
      begin(fork, index, CANCEL);
      line(stored, HeaderName.TO);
      end(fork, index, CANCEL);
    }
  }

  // ---- from a contact ----

  /** Whether a response belongs to a branch made here, by the look of its Via. */
  static boolean isBranch(SipMessage response) {
    return response.topVia().branchLength() == BRANCH_LENGTH;
  }

  /** Whether it answers a CANCEL from here, of which the caller is not told. */
  boolean isOwnCancel(SipMessage response) {
    return response.method() == SipMethod.CANCEL
        && response.topVia().tokenLength() > 0
        && tokens.verifyReturn(response.text(), response.topVia()) > 0;
  }

  /**
   * A response of a contact.
   *
   * @param response whose Via has been verified.
   * @param callerId whose request it answers.
   */
  void response(SipMessage response, long callerId, long nowNs) {
    final byte[] buffer = response.text();
    final int offset = response.topVia().branchOffset();
    System.arraycopy(buffer, offset, branch, 0, FlowTokens.BRANCH_LENGTH);
    final int index = buffer[offset + BRANCH_LENGTH - 1] - '0';
    final Fork fork = find();
    if (fork == null || index < 0 || index >= fork.branches()) {
      forwarder.respond(response, callerId); // as late as it is: section 16.7 (2xx)
    } else if (response.status() < 200) {
      provisional(response, fork, index);
    } else if (response.status() < 300) {
      success(response, fork, index, nowNs);
    } else {
      failure(response, fork, index, nowNs);
    }
  }

  private void provisional(SipMessage response, Fork fork, int index) {
    fork.provisional(index);
    if (response.status() > 100 && !fork.isAnswered()) {
      forwarder.respond(response, fork.caller().id());
    }
    cancelIfDue(fork, index);
  }

  private void success(SipMessage response, Fork fork, int index, long nowNs) {
    fork.answered();
    fork.finished(index, nowNs);
    forwarder.respond(response, fork.caller().id());
    cancel(fork);
  }

  private void failure(SipMessage response, Fork fork, int index, long nowNs) {
    acknowledge(response, fork, index);
    if (fork.isFinal(index)) {
      return;
    }
    final byte[] copy = Octets.copy(response.text(), response.offset(), response.end());
    fork.offer(new Fork.Best(response.status(), copy));
    if (fork.finished(index, nowNs)) {
      conclude(fork);
    } else if (response.status() >= 600) {
      cancel(fork);
    }
  }

  /** Section 17.1.1.3: To is the response's. */
  private void acknowledge(SipMessage response, Fork fork, int index) {
    parseInvite(fork);
    begin(fork, index, ACK);
    line(response, HeaderName.TO);
    end(fork, index, ACK);
  }

  private void unreachable(Fork fork, int index, long nowNs) {
    if (fork.finished(index, nowNs)) {
      conclude(fork);
    }
  }

  /** Everybody has answered: the caller gets the best of it, unless it has had an answer. */
  private void conclude(Fork fork) {
    if (fork.answered()) {
      final Fork.Best best = fork.best();
      if (best == null) {
        parseInvite(fork);
        responder.answer(fork.caller(), stored, Status.TEMPORARILY_UNAVAILABLE);
      } else {
        send(best);
      }
    }
  }

  private void send(Fork.Best best) {
    stored.parse(best.response(), best.response().length);
    final long callerId = forwarder.returnId(stored);
    if (callerId > 0) {
      forwarder.respond(stored, callerId);
    }
  }

  // ---- requests made here ----

  private void branchOf(Fork fork, int index) {
    for (int i = 0; i < FlowTokens.BRANCH_LENGTH; i++) {
      branch[i] = fork.key().byteAt(i);
    }
    branch[BRANCH_LENGTH - 2] = '.';
    branch[BRANCH_LENGTH - 1] = (byte) ('0' + index);
  }

  private void parseInvite(Fork fork) {
    stored.parse(fork.invite(), fork.invite().length); // found good but for the body it lacks
  }

  private void begin(Fork fork, int index, byte[] method) {
    branchOf(fork, index);
    final Flow caller = fork.caller();
    text.clear().put(method).put(' ').put(fork.uri(index)).put(VERSION);
    text.put(fork.target(index).listener().viaPrefix()).put(branch).put(RETURN_TOKEN);
    text.put(tokens.returnToken(caller.info().secure(), caller.id(), branch, BRANCH_LENGTH));
    text.put(MAX_FORWARDS);
    line(stored, HeaderName.FROM);
    line(stored, HeaderName.CALL_ID);
  }

  private void line(SipMessage message, int id) {
    final int header = message.header(id);
    final int start = message.lineStart(header);
    text.put(message.text(), start, message.lineEnd(header) - start);
  }

  private void end(Fork fork, int index, byte[] method) {
    text.put(CSEQ)
        .put(stored.text(), stored.cseqNumberOffset(), stored.cseqNumberLength())
        .put(' ')
        .put(method)
        .put(NO_CONTENT);
    sender.send(fork.target(index).id(), Connection.AUTO, text.buffer(), 0, text.length());
  }

  // ---- time ----

  /** Ends what has rung too long, is about a connection that has gone, or is over. */
  void poll(long nowNs) {
    for (final Fork fork : forks.all()) {
      if (fork.isComplete()) {
        if (nowNs - fork.completedNs() >= LINGER_NS) {
          forks.remove(fork);
        }
      } else {
        pollRinging(fork, nowNs);
      }
    }
  }

  private void pollRinging(Fork fork, long nowNs) {
    if (forwarder.flow(fork.caller().id()) == null) {
      fork.answered(); // nobody there to tell
      cancel(fork);
    }
    if (fork.deadlineNs() - nowNs <= 0) {
      cancel(fork);
      if (fork.answered()) {
        parseInvite(fork);
        responder.answer(fork.caller(), stored, Status.REQUEST_TIMEOUT);
      }
    }
    for (int i = 0; i < fork.branches(); i++) {
      final boolean gone = forwarder.flow(fork.target(i).id()) == null;
      final boolean silent = fork.deadlineNs() + LINGER_NS - nowNs <= 0;
      if (!fork.isFinal(i) && (gone || silent)) {
        unreachable(fork, i, nowNs);
      }
    }
  }
}
