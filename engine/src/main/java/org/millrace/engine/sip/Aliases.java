package org.millrace.engine.sip;

/**
 * Kamailio's way to find a client again (C.7): its address in the Contact URI, as {@code
 * add_contact_alias}, {@code handle_ruri_alias} and {@code fix_nated_register} have it. Since a
 * client can write aliases too, they are good only for flows that are open, and by default only
 * with a MAC of ours. Changes are edits of a {@link Splice}. One a router.
 */
final class Aliases {
  /** No alias: the request goes by something else. */
  static final long NO_FLOW = 0;

  private static final byte[] ALIAS = Octets.ascii(";alias=");
  private static final byte[] MAC = Octets.ascii(";aliasmac=");
  private static final byte[] GRUU = Octets.ascii("gr");
  private static final byte[] TRANSPORT = Octets.ascii("transport");
  private static final byte[] RECEIVED = Octets.ascii(";received=\"sip:");
  private static final byte[] RECEIVED_END = Octets.ascii(";transport=ws\"");
  private static final byte[] PATH_RECEIVED = Octets.ascii(";received=sip:");
  private static final byte[] PATH_RECEIVED_END = Octets.ascii("%3Btransport%3Dws");
  private static final byte[] PATH_RECEIVED_ALIAS = Octets.ascii(";received=");
  private static final int AMBIGUOUS = 485;

  /** Most Contacts of a message that are changed; clients have one, and edits are bounded. */
  private static final int MOST_CONTACTS = 8;

  private final NameAddr contact = new NameAddr();
  private final SipUri uri = new SipUri();
  private final UriParams params = new UriParams();
  private final IpLiteral host = new IpLiteral();
  private final AliasRead alias = new AliasRead();
  private final AliasTable.Key probe = AliasTable.probe();
  private final AliasTable table;
  private final AliasMac macs;
  private int header;
  private int at;
  private long flow;

  /**
   * @param macs null if aliases go without (C-52).
   */
  Aliases(AliasTable table, AliasMac macs) {
    this.table = table;
    this.macs = macs;
  }

  // ---- from the client ----

  /**
   * Adds the alias of the flow to the Contacts of a message that came over it. Left alone are
   * {@code *}, what is no SIP URI, GRUUs (B-31), Contacts that say the flow's address anyway, and
   * answers that name others than who answers: 3xx and 485.
   *
   * @param message any request but REGISTER, or that too instead of {@link #addReceived}; or a
   *     response.
   */
  void add(SipMessage message, FlowAddress address, Splice splice) {
    if (!message.isRequest() && namesOthers(message.status())) {
      return;
    }
    int changed = 0;
    beginContacts(message);
    while (changed < MOST_CONTACTS && nextContact(message)) {
      if (wantsAlias(message.text(), address)) {
        insert(message.text(), address, splice);
        changed++;
      }
    }
  }

  private void beginContacts(SipMessage message) {
    header = message.header(HeaderName.CONTACT);
    at = header < 0 ? -1 : message.valueStart(header);
  }

  /** Moves on to the next Contact with a SIP URI; false if there is none, or text that is none. */
  private boolean nextContact(SipMessage message) {
    while (header >= 0) {
      if (at < 0) {
        header = message.nextHeader(header);
        at = header < 0 ? -1 : message.valueStart(header);
      } else if (!contact.parse(message.text(), at, message.valueEnd(header))) {
        return false;
      } else {
        at = contact.next();
        if (uri.parse(message.text(), contact.uriOffset(), contact.uriLength()) && uri.isSip()) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean namesOthers(int status) {
    return (status >= 300 && status < 400) || status == AMBIGUOUS;
  }

  private boolean wantsAlias(byte[] buffer, FlowAddress address) {
    CoreTransport transport = null;
    params.on(buffer, uri, uriEnd());
    while (params.next()) {
      if (params.is(GRUU)) {
        return false;
      }
      if (params.is(TRANSPORT) && params.valueLength() > 0) {
        transport = CoreTransport.named(buffer, params.valueOffset(), params.valueLength());
      }
    }
    return (transport != CoreTransport.WS && transport != CoreTransport.WSS)
        || !host.parse(buffer, uri.hostOffset(), uri.hostLength())
        || !address.key().is(host, uri.port());
  }

  private int uriEnd() {
    return contact.uriOffset() + contact.uriLength();
  }

  private void insert(byte[] buffer, FlowAddress address, Splice splice) {
    final int place = UriParams.behindHost(buffer, uri, uriEnd());
    if (!contact.isBracketed()) {
      splice.insert(contact.uriOffset()).put('<');
    }
    final SipWriter text = splice.insert(place).put(ALIAS).put(address.text());
    if (address.mac() != null) {
      text.put(MAC).put(address.mac());
    }
    if (!contact.isBracketed()) {
      splice.insert(uriEnd()).put('>');
    }
  }

  /**
   * Adds the flow's address to the Contacts of a REGISTER as a {@code received} parameter (C-53).
   * Registrars other than Kamailio's take no notice.
   */
  void addReceived(SipMessage register, FlowAddress address, Splice splice) {
    int changed = 0;
    beginContacts(register);
    while (changed++ < MOST_CONTACTS && nextContact(register)) {
      final SipWriter text = splice.insert(contact.end()).put(RECEIVED);
      address.putHostAndPort(text);
      text.put(RECEIVED_END);
    }
  }

  /**
   * Puts the parameter of a Path URI that says the same (C-53): {@code
   * ;received=sip:203.0.113.5:51234%3Btransport%3Dws}.
   *
   * @param asAlias in the shorter form {@code ;received=203.0.113.5~51234~6}.
   */
  static void putPathReceived(FlowAddress address, boolean asAlias, SipWriter to) {
    if (asAlias) {
      to.put(PATH_RECEIVED_ALIAS).put(address.text());
    } else {
      address.putHostAndPort(to.put(PATH_RECEIVED));
      to.put(PATH_RECEIVED_END);
    }
  }

  // ---- from the core ----

  /**
   * Reads the alias in the Request-URI of a request from the core.
   *
   * @return what to answer if it leads nowhere, or null. {@link #flow} then says where it leads.
   */
  Status read(SipMessage request) {
    flow = NO_FLOW;
    final byte[] buffer = request.text();
    if (!uri.parse(buffer, request.uriOffset(), request.uriLength()) || !uri.isSip()) {
      return null;
    }
    final int end = request.uriOffset() + request.uriLength();
    return switch (alias.read(buffer, uri, end)) {
      case NONE -> null;
      case MALFORMED -> Status.BAD_REQUEST;
      case FOUND -> find(buffer);
    };
  }

  private Status find(byte[] buffer) {
    final boolean toClient = alias.proto() == FlowAddress.WS || alias.proto() == FlowAddress.WSS;
    if (!toClient || (macs != null && !alias.isProved(buffer, macs))) {
      return Status.FORBIDDEN;
    }
    final FlowAddress found = table.find(alias.address(), alias.port(), probe);
    if (found == null) {
      return macs == null ? Status.NOT_FOUND : Status.FLOW_FAILED;
    }
    flow = found.connectionId();
    return null;
  }

  /** The connection that the last alias leads to, or {@link #NO_FLOW} if there was none. */
  long flow() {
    return flow;
  }

  /** Removes the alias that was read from the Request-URI; only if it led to a flow. */
  void cut(Splice splice) {
    alias.cut(splice);
  }

  /**
   * Removes the flow's own alias from the Contacts of a 2xx to REGISTER that goes to it, so that
   * its client finds its binding (C-54). Aliases of other flows stay.
   */
  void removeOwn(SipMessage response, FlowAddress address, Splice splice) {
    int changed = 0;
    beginContacts(response);
    while (changed < MOST_CONTACTS && nextContact(response)) {
      if (isOwn(response.text(), address)) {
        alias.cut(splice);
        changed++;
      }
    }
  }

  private boolean isOwn(byte[] buffer, FlowAddress address) {
    return alias.read(buffer, uri, uriEnd()) == AliasRead.Outcome.FOUND
        && alias.is(buffer, address)
        && (macs == null || alias.isProved(buffer, macs));
  }
}
