package org.millrace.engine.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Answers REGISTER (RFC 3261 section 10.3, RFC 5626 section 6). A contact belongs to the connection
 * that it was registered over; all changes of one request are made together or not at all. One
 * instance a shard.
 */
final class Registrar {
  private static final byte[] TAG = Octets.ascii("tag");
  private static final byte[] EXPIRES = Octets.ascii("expires");
  private static final byte[] REG_ID = Octets.ascii("reg-id");
  private static final byte[] INSTANCE = Octets.ascii("+sip.instance");
  private static final byte[] OUTBOUND = Octets.ascii("outbound");
  private static final byte[] MIN_EXPIRES = Octets.ascii("Min-Expires: ");
  private static final byte[] CONTACT = Octets.ascii("Contact: ");
  private static final byte[] EXPIRES_PARAM = Octets.ascii(";expires=");
  private static final byte[] RETRY_AFTER = Octets.ascii("Retry-After: 60\r\n");
  private static final byte[] SUPPORTED = Octets.ascii("Supported: path, outbound\r\n");
  private static final byte[] REQUIRE_OUTBOUND = Octets.ascii("Require: outbound\r\n");

  /** Of users registered over one connection, others' bindings taken over among them. */
  private static final int MOST_ADDRESSES = 1024;

  private static final long MOST_SECONDS = 0xFFFF_FFFFL;

  private final NameAddr value = new NameAddr();
  private final SipUri uri = new SipUri();
  private final ParamCursor params = new ParamCursor();
  private final EmbeddedCoreContext context;
  private final Location location;
  private final Responder responder;
  private final SipCounters counters;

  // Of the request at hand.
  private final List<Binding> wanted = new ArrayList<>();
  private boolean all;
  private boolean outbound;
  private int outboundContacts;
  private byte[] callId;
  private long defaultSeconds;

  Registrar(
      EmbeddedCoreContext context, Location location, Responder responder, SipCounters counters) {
    this.context = context;
    this.location = location;
    this.responder = responder;
    this.counters = counters;
  }

  /**
   * @param address of record, a probe: the user in To.
   */
  void register(Flow flow, SipMessage message, ByteKey address, long nowNs) {
    final int header = message.header(HeaderName.CALL_ID);
    callId = Octets.copy(message.text(), message.valueStart(header), message.valueEnd(header));
    outbound = OptionTags.has(message, HeaderName.SUPPORTED, OUTBOUND);
    defaultSeconds = defaultSeconds(message);
    Status refusal = contacts(flow, message, nowNs);
    if (refusal == null && outbound && outboundContacts > 0) {
      refusal = outboundRefusal(message);
    }
    if (refusal == null) {
      refusal = update(flow, message, address.copy(), nowNs);
    }
    if (refusal == null) {
      ok(flow, message, address, nowNs);
    } else {
      refuse(flow, message, refusal);
    }
    wanted.clear();
  }

  private long defaultSeconds(SipMessage message) {
    final int header = message.header(HeaderName.EXPIRES);
    if (header >= 0) {
      final long seconds =
          Octets.decimal(
              message.text(), message.valueStart(header), message.valueEnd(header), MOST_SECONDS);
      if (seconds >= 0) {
        return seconds;
      }
    }
    return context.defaultExpires().toSeconds();
  }

  private Status outboundRefusal(SipMessage message) {
    if (outboundContacts > 1) {
      return Status.BAD_REQUEST; // RFC 5626 section 6
    }
    final boolean firstHop = message.count(HeaderName.VIA) == 1 && message.topVia().next() < 0;
    return firstHop ? null : Status.FIRST_HOP_LACKS_OUTBOUND;
  }

  // ---- what is asked for ----

  private Status contacts(Flow flow, SipMessage message, long nowNs) {
    wanted.clear();
    all = false;
    outboundContacts = 0;
    final byte[] buffer = message.text();
    for (int i = message.header(HeaderName.CONTACT); i >= 0; i = message.nextHeader(i)) {
      int at = message.valueStart(i);
      if (message.valueEnd(i) - at == 1 && buffer[at] == '*') {
        all = true;
        continue;
      }
      while (at >= 0) {
        if (!value.parse(buffer, at, message.valueEnd(i))) {
          return Status.BAD_REQUEST;
        }
        final Status refusal = contact(flow, message, nowNs);
        if (refusal != null) {
          return refusal;
        }
        at = value.next();
      }
    }
    final boolean allIsWell =
        !all
            || (wanted.isEmpty()
                && message.count(HeaderName.CONTACT) == 1
                && message.has(HeaderName.EXPIRES)
                && defaultSeconds == 0);
    return allIsWell ? null : Status.BAD_REQUEST;
  }

  private Status contact(Flow flow, SipMessage message, long nowNs) {
    final byte[] buffer = message.text();
    if (!uri.parse(buffer, value.uriOffset(), value.uriLength()) || !uri.isSip()) {
      return Status.BAD_REQUEST;
    }
    if (wanted.size() == context.maxContactsPerUser()) {
      return Status.TOO_MANY_CONTACTS;
    }
    long seconds = defaultSeconds;
    byte[] instance = null;
    long regId = 0;
    params.on(buffer, value.paramsOffset(), value.end());
    while (params.next()) {
      final int from = params.valueOffset();
      final int to = from + Math.max(0, params.valueLength());
      if (params.is(EXPIRES)) {
        final long number = Octets.decimal(buffer, from, to, MOST_SECONDS);
        seconds = number < 0 ? defaultSeconds : number;
      } else if (params.is(REG_ID)) {
        regId = Octets.decimal(buffer, from, to, Integer.MAX_VALUE);
      } else if (params.is(INSTANCE) && to > from) {
        instance = Octets.copy(buffer, from, to);
      }
    }
    if (seconds > 0 && seconds < context.minExpires().toSeconds()) {
      return Status.INTERVAL_TOO_BRIEF;
    }
    seconds = Math.min(seconds, context.maxExpires().toSeconds());
    final boolean flowBound = outbound && instance != null && regId > 0;
    outboundContacts += flowBound && seconds > 0 ? 1 : 0;
    wanted.add(
        new Binding(
            flow.id(),
            Octets.copy(buffer, value.uriOffset(), value.uriOffset() + value.uriLength()),
            contactText(buffer),
            instance,
            Math.max(0, regId),
            callId,
            message.cseq(),
            nowNs + TimeUnit.SECONDS.toNanos(seconds)));
    return null;
  }

  /** The Contact value without expires, its URI in brackets, folds taken out. */
  private byte[] contactText(byte[] buffer) {
    final SipWriter text = new SipWriter();
    if (!value.isBracketed()) {
      text.put('<').put(buffer, value.uriOffset(), value.uriLength()).put('>');
    } else {
      text.put(buffer, value.start(), value.paramsOffset() - value.start());
    }
    params.on(buffer, value.paramsOffset(), value.end());
    while (params.next()) {
      if (!params.is(EXPIRES) && !params.is(TAG)) {
        text.put(buffer, params.start(), params.position() - params.start());
      }
    }
    final byte[] bytes = Octets.copy(text.bytes(), 0, text.length());
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\r' || bytes[i] == '\n') {
        bytes[i] = ' ';
      }
    }
    return bytes;
  }

  // ---- what becomes of it ----

  private Status update(Flow flow, SipMessage message, ByteKey address, long nowNs) {
    if (wanted.isEmpty() && !all) {
      return null; // a query
    }
    if (flow.registered().size() >= MOST_ADDRESSES && !flow.registered().contains(address)) {
      return Status.TOO_MANY_CONTACTS;
    }
    final List<Binding> after = new ArrayList<>();
    Binding[] before;
    do {
      before = location.get(address);
      after.clear();
      final Status refusal = merge(before, message, nowNs, after);
      if (refusal != null) {
        return refusal;
      }
    } while (!location.replace(address, before, after.toArray(Binding.NONE)));
    if (isAmong(after, flow)) {
      flow.registered().add(address);
    } else {
      flow.registered().remove(address);
    }
    return null;
  }

  private static boolean isAmong(List<Binding> bindings, Flow flow) {
    for (final Binding binding : bindings) {
      if (binding.connectionId() == flow.id()) {
        return true;
      }
    }
    return false;
  }

  /** The bindings after the request: the new ones first, then what they leave of the others. */
  private Status merge(Binding[] before, SipMessage message, long nowNs, List<Binding> after) {
    for (final Binding binding : wanted) {
      if (!binding.isExpired(nowNs)) {
        after.removeIf(earlier -> earlier.isReplacedBy(binding));
        after.add(binding);
      }
    }
    int live = 0;
    for (final Binding binding : before == null ? Binding.NONE : before) {
      final boolean touched = all || isReplaced(binding);
      if (touched && !binding.isOlderThan(callId, message.cseq())) {
        return Status.OUT_OF_ORDER;
      }
      if (!binding.isExpired(nowNs)) {
        live++;
        if (!touched) {
          after.add(binding);
        }
      }
    }
    if (after.size() > context.maxContactsPerUser() && after.size() > live) {
      return Status.TOO_MANY_CONTACTS;
    }
    final int more = after.size() - live;
    return more > 0 && location.size() + more > context.maxBindings()
        ? Status.SERVICE_UNAVAILABLE
        : null;
  }

  private boolean isReplaced(Binding binding) {
    for (final Binding other : wanted) {
      if (binding.isReplacedBy(other)) {
        return true;
      }
    }
    return false;
  }

  // ---- answers ----

  private void refuse(Flow flow, SipMessage message, Status status) {
    final SipWriter answer = responder.begin(message, status);
    if (status == Status.INTERVAL_TOO_BRIEF) {
      answer.put(MIN_EXPIRES).putDecimal(context.minExpires().toSeconds()).put(Responder.CRLF);
    } else if (status == Status.SERVICE_UNAVAILABLE) {
      answer.put(RETRY_AFTER);
    }
    responder.end(flow);
  }

  private void ok(Flow flow, SipMessage message, ByteKey address, long nowNs) {
    final SipWriter answer = responder.begin(message, Status.OK);
    final Binding[] bindings = location.get(address);
    for (final Binding binding : bindings == null ? Binding.NONE : bindings) {
      if (!binding.isExpired(nowNs)) {
        answer
            .put(CONTACT)
            .put(binding.contact())
            .put(EXPIRES_PARAM)
            .putDecimal(binding.remainingSeconds(nowNs))
            .put(Responder.CRLF);
      }
    }
    answer.put(SUPPORTED);
    if (outbound && outboundContacts > 0) {
      answer.put(REQUIRE_OUTBOUND);
    }
    counters.increment(SipCounter.REGISTRATIONS);
    responder.end(flow);
  }
}
