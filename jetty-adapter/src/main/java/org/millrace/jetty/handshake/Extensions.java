package org.millrace.jetty.handshake;

/**
 * Grammar of Sec-WebSocket-Extensions (RFC 6455, section 9.1), checked in one pass without looking
 * back, since nothing is negotiated here.
 */
final class Extensions {
  private final String text;
  private int at;

  private Extensions(String text) {
    this.text = text;
  }

  /** Whether one line of the field is a list of extensions; empty members are allowed. */
  static boolean areWellFormed(String value) {
    return new Extensions(value).list();
  }

  private boolean list() {
    while (true) {
      skipBlanks();
      if (at < text.length() && text.charAt(at) != ',' && !extension()) {
        return false;
      }
      skipBlanks();
      if (at == text.length()) {
        return true;
      }
      if (!take(',')) {
        return false;
      }
    }
  }

  private boolean extension() {
    if (!token()) {
      return false;
    }
    skipBlanks();
    while (take(';')) {
      skipBlanks();
      if (!parameter()) {
        return false;
      }
      skipBlanks();
    }
    return true;
  }

  private boolean parameter() {
    if (!token()) {
      return false;
    }
    skipBlanks();
    if (!take('=')) {
      return true;
    }
    skipBlanks();
    return (at < text.length() && text.charAt(at) == '"') ? quotedToken() : token();
  }

  private boolean token() {
    final int end = Tokens.endOfToken(text, at);
    final boolean any = end > at;
    at = end;
    return any;
  }

  /** A quoted string that is a token once unquoted. */
  private boolean quotedToken() {
    at++;
    boolean any = false;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at == text.length() || !Tokens.isTokenCharacter(text.charAt(at))) {
        return false;
      }
      any = true;
      at++;
    }
    return any && take('"');
  }

  private boolean take(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && RequestHead.isBlank(text.charAt(at))) {
      at++;
    }
  }
}
