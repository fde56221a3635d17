package org.millrace.bench.endtoend;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.millrace.bench.environment.Environment;
import org.millrace.bench.peer.Peer;

/** The figures for people and for programs, and whether the targets that were measured are met. */
record Report(Environment environment, Collection<Peer> peers, Figures figures) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  boolean isMet() {
    return targets().stream().allMatch(target -> target.isMetBy(figures));
  }

  private List<Target> targets() {
    return Target.ALL.stream().filter(target -> target.isMeasuredBy(figures)).toList();
  }

  List<String> lines() {
    final List<String> lines = new ArrayList<>();
    for (final Mode mode : Mode.values()) {
      for (final Peer peer : peers) {
        if (figures.has(mode, peer)) {
          lines.add(line(mode, peer));
        }
      }
    }
    for (final Target target : targets()) {
      lines.add(line(target));
    }
    lines.add(isMet() ? "all targets met" : "target missed");
    return lines;
  }

  private String line(Mode mode, Peer peer) {
    final List<Double> rounds = figures.rounds(mode, peer);
    return String.format(
        Locale.ROOT,
        "%-15s %-9s %9.2f %-15s (%.2f to %.2f in %d rounds)",
        mode.title(),
        peer,
        figures.median(mode, peer),
        mode.unit(),
        rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        rounds.size());
  }

  private String line(Target target) {
    return String.format(
        Locale.ROOT,
        "%-15s %-25s %8.2f, at most %8.2f: %s",
        target.mode().title(),
        target.beside().map(peer -> "millrace / " + peer).orElse(target.mode().unit()),
        target.measured(figures),
        target.most(),
        target.isMetBy(figures) ? "PASS" : "FAIL");
  }

  String json() {
    final ObjectNode root = JSON.createObjectNode();
    root.put("cpu", environment.cpu())
        .put("os", environment.os())
        .put("jdk", environment.jdk())
        .put("flags", String.join(" ", environment.flags()))
        .put("revision", environment.revision());
    final ArrayNode measured = root.putArray("figures");
    for (final Mode mode : Mode.values()) {
      for (final Peer peer : peers) {
        if (figures.has(mode, peer)) {
          add(measured.addObject(), mode, peer);
        }
      }
    }
    final ArrayNode verdicts = root.putArray("targets");
    targets().forEach(target -> add(verdicts.addObject(), target));
    return root.put("met", isMet()).toPrettyString();
  }

  private void add(ObjectNode node, Mode mode, Peer peer) {
    final ArrayNode rounds =
        node.put("mode", mode.toString())
            .put("unit", mode.unit())
            .put("peer", peer.toString())
            .put("median", figures.median(mode, peer))
            .putArray("rounds");
    figures.rounds(mode, peer).forEach(rounds::add);
  }

  private void add(ObjectNode node, Target target) {
    node.put("mode", target.mode().toString())
        .put("beside", target.beside().map(Peer::toString).orElse(null))
        .put("measured", target.measured(figures))
        .put("most", target.most())
        .put("met", target.isMetBy(figures));
  }
}
