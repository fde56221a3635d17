package org.millrace.bench.capacity;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a service is asked for.
 *
 * @param users registered, each over a connection of its own.
 * @param calls begun a second.
 * @param legs of a call that are WebSocket connections: 2 where users call each other.
 * @param registerEvery time between registrations of a user.
 * @param registerExchanges of a registration: 2 where the first is challenged.
 * @param keepAlive time between pings of a connection.
 * @param messages that a user sends in an hour, each received by another.
 * @param recoverIn time in which the users of a machine that fails are back.
 */
record Demand(
    double users,
    double calls,
    int legs,
    Duration registerEvery,
    int registerExchanges,
    Duration keepAlive,
    double messages,
    boolean tls,
    Duration recoverIn) {
  /** INVITE, 100, 180, 200, ACK, BYE and its 200: seven messages, at two an exchange. */
  private static final double EXCHANGES_OF_A_LEG = 3.5;

  private static final double SECONDS_OF_AN_HOUR = 3600;
  private static final double NS_PER_S = 1e9;

  /** A part of the demand, in exchanges a second, and how it comes about. */
  record Part(String what, double perSecond, String how) {}

  private static double seconds(Duration time) {
    return time.toNanos() / NS_PER_S;
  }

  List<Part> parts() {
    return List.of(
        new Part(
            "registrations",
            users / seconds(registerEvery) * registerExchanges,
            String.format(
                Locale.ROOT,
                "%.0f users / %.0f s x %d exchanges",
                users,
                seconds(registerEvery),
                registerExchanges)),
        new Part(
            "calls",
            calls * legs * EXCHANGES_OF_A_LEG,
            String.format(Locale.ROOT, "%.3g a second x %d legs x 7 messages / 2", calls, legs)),
        new Part(
            "messages",
            users * messages / SECONDS_OF_AN_HOUR * 2,
            String.format(
                Locale.ROOT, "%.0f users x %.3g an hour, sent and received", users, messages)),
        new Part(
            "keep-alive",
            users / seconds(keepAlive),
            String.format(
                Locale.ROOT,
                "%.0f users / %.0f s, a ping and its pong taken for an exchange",
                users,
                seconds(keepAlive))));
  }

  /** Exchanges a second, all together. */
  double exchanges() {
    return parts().stream().mapToDouble(Part::perSecond).sum();
  }

  /** Connections a second when so many users have lost theirs. */
  double reconnects(double lost) {
    return lost / seconds(recoverIn);
  }
}
