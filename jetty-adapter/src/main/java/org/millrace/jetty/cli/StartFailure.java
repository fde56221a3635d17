package org.millrace.jetty.cli;

import java.net.BindException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.ListenerConfig;

/** Why the edge does not start, and what to do. */
final class StartFailure {
  private static final Pattern PORT = Pattern.compile(":(\\d{1,5})(?!.*:\\d)");

  private StartFailure() {}

  static String explain(Throwable failure, EdgeConfig config) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException || isBind(cause)) {
        return explainBind(failure, cause, config);
      }
    }
    final String message = failure.getMessage();
    return "the edge does not start: " + (message == null ? failure.toString() : message);
  }

  private static boolean isBind(Throwable cause) {
    final String message = String.valueOf(cause.getMessage());
    return message.startsWith("Permission denied") || message.startsWith("Address already in use");
  }

  private static String explainBind(Throwable failure, Throwable cause, EdgeConfig config) {
    final Matcher port = PORT.matcher(String.valueOf(failure.getMessage()));
    final String number = port.find() ? port.group(1) : "";
    final String key = key(number, config);
    final String reason = String.valueOf(cause.getMessage());
    final String place = number.isEmpty() ? "a port" : "port " + number;
    if (reason.contains("Permission denied")) {
      return "may not listen on "
          + place
          + ": ports below 1024 are root's; allow it with"
          + " sysctl net.ipv4.ip_unprivileged_port_start="
          + (number.isEmpty() ? "80" : number)
          + ", or choose another with -D "
          + key
          + "=PORT";
    }
    if (reason.contains("assign")) {
      return "cannot listen on "
          + place
          + ": its host is no address of this machine; see "
          + key.replaceFirst("port$", "host");
    }
    return place
        + " is in use by another program"
        + (number.isEmpty() ? "" : " (ss -ltnp 'sport = :" + number + "' tells which)")
        + "; end that, or choose another with -D "
        + key
        + "=PORT";
  }

  private static String key(String port, EdgeConfig config) {
    if (port.equals(Integer.toString(config.admin().port()))) {
      return "admin.port";
    }
    return config.listeners().stream()
        .filter(listener -> port.equals(Integer.toString(listener.port())))
        .map(ListenerConfig::name)
        .findFirst()
        .map(name -> "listeners." + name + ".port")
        .orElse("listeners.NAME.port");
  }
}
