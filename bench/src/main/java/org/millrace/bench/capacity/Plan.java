package org.millrace.bench.capacity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.capacity.model.Band;
import org.millrace.bench.capacity.model.LineFit;
import org.millrace.bench.capacity.model.UnsupportedModelException;
import org.millrace.bench.statistics.Median;

/**
 * How many machines a demand takes, one of which may fail.
 *
 * <p>Each resource is computed for itself; the one that takes the most machines decides. What is
 * left when one fails has to hold the demand with the headroom, and may use the headroom while the
 * users of the one that failed come back.
 */
final class Plan {
  private static final int MOST_MACHINES = 1_000_000;

  /** A resource, and the machines that it takes without the spare one. */
  record Need(String resource, int low, int machines, int high, String how) {}

  /** How far a machine would be from what was measured. */
  record Reach(String what, double planned, double measured) {
    double factor() {
      return planned / measured;
    }
  }

  private final Measurement measured;
  private final Demand demand;
  private final Machine machine;
  private final LineFit cpu;
  private final LineFit memory;
  private final Band handshake;

  /**
   * @throws UnsupportedModelException if the measurement does not tell enough; the message says
   *     what is missing.
   */
  Plan(Measurement measured, Demand demand, Machine machine) throws UnsupportedModelException {
    this.measured = measured;
    this.demand = demand;
    this.machine = machine;
    if (measured.tls() != demand.tls()) {
      throw new UnsupportedModelException(
          demand.tls()
              ? "the measurement is of ws: measure with --tls, or a wss URI"
              : "the measurement is of wss: plan with --tls, or measure ws");
    }
    if (measured.rate().value() <= 0 || measured.handshakeCpu().isEmpty()) {
      throw new UnsupportedModelException("the measurement has no rate that was held");
    }
    cpu = measured.cpu();
    memory = measured.bytes();
    handshake =
        new Band(
            measured.handshakeCpu().stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
            Median.of(measured.handshakeCpu()),
            measured.handshakeCpu().stream().mapToDouble(Double::doubleValue).max().orElseThrow());
  }

  /** Cores that exchanges take, beyond what the server takes anyway. */
  private int byCpu(double each) {
    final double usable = machine.usable(machine.cores()) - Math.max(0, cpu.base());
    return machines(demand.exchanges() * each, usable);
  }

  private int byMemory(double each) {
    return machines(
        demand.users() * each, machine.usable(machine.memory()) - Math.max(0, memory.base()));
  }

  /** What is left of so many machines when one fails, while its users come back. */
  private int byStorm(double eachExchange, double eachHandshake) {
    for (int all = 2; all < MOST_MACHINES; all++) {
      final double left = all - 1;
      final double back = demand.reconnects(demand.users() / all) / left;
      final double steady = demand.exchanges() / left * eachExchange;
      final double storm = back * (eachHandshake + demand.registerExchanges() * eachExchange);
      if (Math.max(0, cpu.base()) + steady + storm <= machine.cores()) {
        return all - 1;
      }
    }
    return MOST_MACHINES;
  }

  private int byRate() {
    return machines(demand.exchanges(), machine.usable(ratePerMachine()));
  }

  /** As if a machine with twice the cores did twice as much. */
  private double ratePerMachine() {
    return measured.rate().value() * machine.cores() / measured.cores();
  }

  private static int machines(double needed, double usable) {
    return usable <= 0 ? MOST_MACHINES : Math.max(1, (int) Math.ceil(needed / usable));
  }

  List<Need> needs() {
    final Band each = cpu.each();
    final Band bytes = memory.each();
    final int rate = byRate();
    return List.of(
        new Need(
            "CPU",
            byCpu(each.low()),
            byCpu(each.value()),
            byCpu(each.high()),
            "%s us an exchange".formatted(each.times(1e6))),
        new Need(
            "memory",
            byMemory(bytes.low()),
            byMemory(bytes.value()),
            byMemory(bytes.high()),
            "%s B a connection".formatted(bytes)),
        new Need(
            "service level",
            rate,
            rate,
            rate,
            "%s exchanges a second held on %d cores".formatted(measured.rate(), measured.cores())),
        new Need(
            "recovery",
            byStorm(each.low(), handshake.low()),
            byStorm(each.value(), handshake.value()),
            byStorm(each.high(), handshake.high()),
            "%s us a handshake".formatted(handshake.times(1e6))));
  }

  Need binding() {
    return needs().stream().max(Comparator.comparingInt(Need::machines)).orElseThrow();
  }

  /** With the one that may fail. */
  int machines() {
    return binding().machines() + 1;
  }

  int low() {
    return needs().stream().mapToInt(Need::low).max().orElseThrow() + 1;
  }

  int high() {
    return needs().stream().mapToInt(Need::high).max().orElseThrow() + 1;
  }

  /** Of a machine when one has failed. */
  List<Reach> reaches() {
    final double left = machines() - 1;
    final int connections =
        (int)
            Math.max(
                measured.open().value(),
                measured.memory().stream()
                    .mapToInt(Measurement.Resident::connections)
                    .max()
                    .orElse(1));
    return List.of(
        new Reach("connections on a machine", demand.users() / left, connections),
        new Reach(
            "exchanges a second on a machine", demand.exchanges() / left, measured.rate().value()),
        new Reach("cores of a machine", machine.cores(), measured.cores()));
  }

  /** Those that go further than a factor beyond what was measured. */
  List<Reach> tooFar(double factor) {
    return reaches().stream().filter(reach -> reach.factor() > factor).toList();
  }

  List<String> lines() {
    final List<String> lines = new ArrayList<>();
    final Need binding = binding();
    lines.add(
        "%d machines (%d to %d), of which one may fail; %s decides"
            .formatted(machines(), low(), high(), binding.resource()));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT, "asked for: %.0f exchanges a second, that is", demand.exchanges()));
    for (final Demand.Part part : demand.parts()) {
      lines.add(
          String.format(
              Locale.ROOT, "  %-15s %9.1f  %s", part.what(), part.perSecond(), part.how()));
    }
    lines.add("takes, without the one that may fail:");
    for (final Need need : needs()) {
      lines.add(
          "  %-15s %d machines (%d to %d): %s"
              .formatted(need.resource(), need.machines(), need.low(), need.high(), need.how()));
    }
    lines.add("rests on");
    lines.add(
        "  measured: " + measured.server() + ", " + measured.scenario() + ", " + measured.level());
    lines.add(
        "  measured: " + measured.command() + ", revision " + measured.environment().revision());
    lines.add(
        "  assumed: twice the cores do twice as much; %.0f %% of CPU and memory are kept free"
            .formatted(machine.headroom() * 100));
    lines.add("  assumed: any exchange costs what one of the measured scenario does");
    for (final Reach reach : reaches()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s: %.0f, measured up to %.0f (%.2f times)",
              reach.what(),
              reach.planned(),
              reach.measured(),
              reach.factor()));
    }
    return lines;
  }
}
