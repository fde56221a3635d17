package org.millrace.bench.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of a report as HTML and as Markdown. */
final class Markup {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern MARKDOWN_SIGNIFICANT = Pattern.compile("[\\\\*_<>|#\\[\\]]");

  private Markup() {}

  /** Text for HTML, SVG and the values of attributes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The inverse of {@link #escape}. */
  static String unescape(String text) {
    return text.replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
  }

  /** Text for HTML, with code marked up. */
  static String html(String text) {
    return CODE.matcher(escape(text)).replaceAll("<code>$1</code>");
  }

  /** Text on one line of Markdown, also in a table; code stays as it is. */
  static String markdown(String text) {
    final StringBuilder line = new StringBuilder();
    final Matcher code = CODE.matcher(text);
    int from = 0;
    while (code.find()) {
      line.append(markdownOutsideCode(text.substring(from, code.start())));
      line.append(code.group().replace("|", "\\|"));
      from = code.end();
    }
    return line.append(markdownOutsideCode(text.substring(from)))
        .toString()
        .replaceAll("\\s*\\R\\s*", " ");
  }

  private static String markdownOutsideCode(String text) {
    return MARKDOWN_SIGNIFICANT.matcher(text).replaceAll("\\\\$0");
  }
}
