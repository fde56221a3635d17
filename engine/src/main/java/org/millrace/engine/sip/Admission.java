package org.millrace.engine.sip;

/** What every request must fulfil, whoever it is for (C-1, RFC 3261 section 16.3). */
final class Admission {
  private Admission() {}

  /**
   * Looks at a well-formed request.
   *
   * @param uri gets the Request-URI.
   * @param mayEndHere whether a request without hops left is none of the refused.
   * @return what to answer, or null. 483 to OPTIONS may be a 200 as well.
   */
  static Status refusal(SipMessage request, SipUri uri, boolean mayEndHere) {
    if (!uri.parse(request.text(), request.uriOffset(), request.uriLength())) {
      return Status.BAD_REQUEST;
    }
    if (uri.scheme() == SipUri.OTHER) {
      return Status.UNSUPPORTED_URI_SCHEME;
    }
    if (request.maxForwards() == 0 && !mayEndHere) {
      return Status.TOO_MANY_HOPS;
    }
    if (request.has(HeaderName.PROXY_REQUIRE)
        && OptionTags.hasOther(request, HeaderName.PROXY_REQUIRE)) {
      return Status.BAD_EXTENSION;
    }
    return null;
  }
}
