package org.millrace.jetty.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.millrace.engine.connection.ConfigurationException;
import org.millrace.engine.sip.CoreSocket;
import org.millrace.engine.sip.CoreTransport;
import org.millrace.engine.sip.EdgeProxyContext;
import org.millrace.engine.sip.TransactionSettings;
import org.millrace.engine.sip.ViaKeys;

/** Reads the {@code edge} section. */
final class EdgeProxySettings {
  private static final String KEY_FILE = "edge.keys";
  private static final int MOST_TRANSACTIONS = 1 << 24;

  /** Timers B and F (RFC 3261 section 17.1), in T1. */
  private static final int ROUND_TRIPS = 64;

  private static final Duration LEAST_TIMER_C = Duration.ofSeconds(181);
  private static final int LEAST_QUEUE = 64 * 1024;
  private static final int LARGEST_QUEUE = 1 << 30;
  private static final long LEAST_MEMORY = 64 * 1024;
  private static final long LARGEST_MEMORY = 1L << 34;
  private static final String TOKEN = "[!%'*+.^_`|~0-9A-Za-z-]+";

  private EdgeProxySettings() {}

  static EdgeProxyConfig read(Section section, Path state) {
    final Optional<Path> named = section.optionalFile("key-file");
    final Path file = named.orElse(state.resolve(KEY_FILE));
    final Optional<EdgeKeys> inline = inlineKeys(section);
    section.require(
        inline.isEmpty() || named.isEmpty(),
        "key-file",
        "contradicts flow-keys: keys are here or in a file");
    final TransactionsConfig transactions = transactions(section.section("transactions"));
    final EdgeProxyConfig config =
        new EdgeProxyConfig(
            section.integer("node", 0, Integer.MAX_VALUE),
            inline.isPresent() ? inline : keysOf(section, file, named.isPresent()),
            file,
            section.bool("verify-branch"),
            section.list("dropped-headers", value -> headerName(Kinds.string(value))),
            section.integer("via-keys", 0, ViaKeys.MAX_ENTRIES),
            transactions,
            transactionMode(section.section("transaction-mode"), transactions));
    section.close();
    checkDropped(section, config.droppedHeaders());
    return config;
  }

  /** The proxy has the last word on what can be done without. */
  private static void checkDropped(Section section, List<String> names) {
    try {
      new EdgeProxyContext()
          .flowKey(0, new byte[EdgeKeys.LEAST_BYTES])
          .currentFlowKey(0)
          .branchKey(new byte[EdgeKeys.LEAST_BYTES])
          .coreSockets(List.of(new CoreSocket(0, CoreTransport.UDP, "edge.invalid", 1)))
          .droppedHeaders(names)
          .conclude();
    } catch (ConfigurationException e) {
      section.fail("dropped-headers", e.getMessage());
    }
  }

  private static TransactionsConfig transactions(Section section) {
    final TransactionsConfig transactions =
        new TransactionsConfig(
            section.duration("t1", Duration.ofMillis(10), Duration.ofSeconds(10)),
            section.duration("t2", Duration.ofMillis(10), Duration.ofMinutes(1)),
            section.integer("max", 1, MOST_TRANSACTIONS),
            section.size("memory", LEAST_MEMORY, LARGEST_MEMORY));
    section.close();
    section.requireBoth(
        transactions.t1().compareTo(transactions.t2()) <= 0,
        "t1",
        "t2",
        "t1 = "
            + Units.of(transactions.t1())
            + " must not be above t2 = "
            + Units.of(transactions.t2()));
    return transactions;
  }

  private static TransactionModeConfig transactionMode(
      Section section, TransactionsConfig transactions) {
    final TransactionModeConfig mode =
        new TransactionModeConfig(
            section.duration("timer-c", LEAST_TIMER_C, Duration.ofHours(1)),
            section.duration("failover-after", Duration.ofMillis(10), Duration.ofMinutes(10)),
            section.integer("max-targets", 1, TransactionSettings.MOST_TARGETS),
            section.integer("max", 1, MOST_TRANSACTIONS),
            section.size("memory", LEAST_MEMORY, LARGEST_MEMORY),
            section.intSize("queue", LEAST_QUEUE, LARGEST_QUEUE));
    section.close();
    section.require(
        Integer.bitCount(mode.queue()) == 1,
        "queue",
        "must be a power of two, such as " + Units.of((long) Integer.highestOneBit(mode.queue())));
    final Duration longest = transactions.t1().multipliedBy(ROUND_TRIPS);
    section.require(
        mode.failoverAfter().compareTo(longest) <= 0
            || Origins.isBuiltIn(section.values().get("failover-after")),
        "failover-after",
        "must not be above 64 times edge.transactions.t1 = "
            + Units.of(longest)
            + ", when a target is given up in any case");
    return mode;
  }

  private static Optional<EdgeKeys> inlineKeys(Section section) {
    final Map<Integer, byte[]> flow = new TreeMap<>();
    section
        .texts("flow-keys")
        .forEach(
            (id, hex) -> {
              try {
                flow.put(EdgeKeys.id(id), EdgeKeys.parse(hex));
              } catch (WrongValueException e) {
                section.failAt("flow-keys." + id, e.getMessage());
              }
            });
    final Optional<byte[]> branch =
        section.get("branch-key", Kinds.orNull(value -> EdgeKeys.parse(Kinds.string(value))));
    final OptionalInt current =
        section
            .get("current-flow-key", Kinds.orNull(Kinds.integer(0, EdgeKeys.LARGEST_ID)))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
    if (flow.isEmpty()) {
      section.require(branch.isEmpty(), "branch-key", "is of no use without flow-keys");
      section.require(current.isEmpty(), "current-flow-key", "is of no use without flow-keys");
      return Optional.empty();
    }
    section.require(branch.isPresent(), "branch-key", "must be set where flow-keys are");
    final int id = current.orElse(flow.size() == 1 ? flow.keySet().iterator().next() : -1);
    section.require(
        flow.containsKey(id),
        "current-flow-key",
        current.isPresent()
            ? "there is no such key in flow-keys"
            : "must say which of flow-keys new tokens are made with");
    return branch.isPresent() && flow.containsKey(id)
        ? Optional.of(new EdgeKeys(flow, id, branch.get()))
        : Optional.empty();
  }

  /** A file that is named must be there: made by accident, it would be another on each node. */
  private static Optional<EdgeKeys> keysOf(Section section, Path file, boolean named) {
    if (!Files.exists(file)) {
      section.require(!named, "key-file", "there is no file " + file.toAbsolutePath());
      return Optional.empty();
    }
    try {
      return Optional.of(EdgeKeys.read(file));
    } catch (IOException e) {
      section.fail("key-file", e.getMessage());
      return Optional.empty();
    }
  }

  private static String headerName(String name) throws WrongValueException {
    if (!name.matches(TOKEN)) {
      throw new WrongValueException(name + " must be the name of a header field");
    }
    return name;
  }
}
