package org.millrace.jetty.handshake;

import java.util.BitSet;

/** The {@code token} of RFC 9110, section 5.6.2. */
final class Tokens {
  private static final BitSet CHARACTERS = new BitSet(128);

  static {
    CHARACTERS.set('0', '9' + 1);
    CHARACTERS.set('A', 'Z' + 1);
    CHARACTERS.set('a', 'z' + 1);
    "!#$%&'*+-.^_`|~".chars().forEach(CHARACTERS::set);
  }

  private Tokens() {}

  static boolean isTokenCharacter(int c) {
    return CHARACTERS.get(c);
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && endOfToken(text, 0) == text.length();
  }

  /** First index at or behind {@code from} that is not in a token. */
  static int endOfToken(String text, int from) {
    int end = from;
    while (end < text.length() && isTokenCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
