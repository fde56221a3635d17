package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.millrace.jetty.admin.Statistics.Statistic;

/** Kamailio's {@code stats.*} (F-4). */
final class StatsMethods {
  private final Statistics statistics;

  private StatsMethods(Statistics statistics) {
    this.statistics = statistics;
  }

  static void addTo(RpcMethods methods, Statistics statistics) {
    final StatsMethods stats = new StatsMethods(statistics);
    methods.look("stats.get_statistics", stats::lines);
    methods.look("stats.fetch", params -> stats.fetch(params, false));
    methods.look("stats.fetchn", params -> stats.fetch(params, true));
    methods.change("stats.reset_statistics", stats::reset);
    methods.change("stats.clear_statistics", stats::clear);
  }

  private List<Statistic> selected(RpcParams params) throws RpcFault {
    if (params.size() == 0) {
      throw RpcFault.invalidParams(400, "Please provide which stats to retrieve");
    }
    final List<Statistic> selected = new ArrayList<>();
    for (int i = 0; i < params.size(); i++) {
      selected.addAll(statistics.select(params.at(i).asText()));
    }
    return selected;
  }

  private JsonNode lines(RpcParams params) throws RpcFault {
    final ArrayNode lines = RpcDialect.JSON.createArrayNode();
    for (final Statistic statistic : selected(params)) {
      lines.add(line(statistic, statistic.value()));
    }
    return lines;
  }

  private static String line(Statistic statistic, long value) {
    return statistic.group() + ":" + statistic.name() + " = " + value;
  }

  private JsonNode fetch(RpcParams params, boolean asNumbers) throws RpcFault {
    final ObjectNode values = RpcDialect.JSON.createObjectNode();
    for (final Statistic statistic : selected(params)) {
      final String name = statistic.group() + "." + statistic.name();
      if (asNumbers) {
        values.put(name, statistic.value());
      } else {
        values.put(name, Long.toString(statistic.value()));
      }
    }
    return values;
  }

  private JsonNode reset(RpcParams params) throws RpcFault {
    selected(params).forEach(Statistic::reset);
    return RpcDialect.JSON.createObjectNode();
  }

  private JsonNode clear(RpcParams params) throws RpcFault {
    final ArrayNode lines = RpcDialect.JSON.createArrayNode();
    for (final Statistic statistic : selected(params)) {
      final long before = statistic.value();
      statistic.reset();
      final long after = statistic.value();
      lines.add(line(statistic, after) + (after == before ? "" : " (" + before + ")"));
    }
    return lines;
  }
}
