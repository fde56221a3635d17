package org.millrace.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.bench.load.LoadPlan.SipUsers;
import org.millrace.bench.load.LoadPlan.SlowReaders;

/** A {@link LoadPlan} as JSON; times are seconds. */
final class PlanJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double NS = 1e9;

  private PlanJson() {}

  static ObjectNode write(LoadPlan plan) {
    final ObjectNode node =
        JSON.createObjectNode()
            .put("server", plan.server().toString())
            .put("scenario", plan.scenario().toString())
            .put("connections", plan.connections())
            .put("outstanding", plan.pace().outstanding())
            .put("payload", plan.payload())
            .put("warmUp", seconds(plan.warmUp()))
            .put("drain", seconds(plan.drain()))
            .put("lateBound", seconds(plan.lateBound()))
            .put("connectRate", plan.connectRate())
            .put("insecure", plan.trust().insecure())
            .put("serverChildren", plan.serverChildren())
            .put("processes", plan.processes())
            .put("domain", plan.sip().domain())
            .put("firstUser", plan.sip().first())
            .put("hold", seconds(plan.sip().hold()))
            .put("slowShare", plan.slow().share())
            .put("slowBytesPerSecond", plan.slow().bytesPerSecond());
    plan.subProtocol().ifPresent(name -> node.put("subProtocol", name));
    plan.trust().pem().ifPresent(file -> node.put("pem", file.toString()));
    plan.serverPid().ifPresent(pid -> node.put("serverPid", pid));
    final ArrayNode sources = node.putArray("sources");
    plan.sources().forEach(sources::add);
    final ArrayNode steps = node.putArray("steps");
    for (final Pace.Step step : plan.pace().steps()) {
      steps
          .addObject()
          .put("from", step.from())
          .put("to", step.to())
          .put("time", seconds(step.time()));
    }
    return node;
  }

  static LoadPlan read(JsonNode node) {
    final LoadPlanBuilder plan =
        LoadPlan.of(
            URI.create(node.required("server").textValue()),
            Scenario.valueOf(node.required("scenario").textValue().toUpperCase(Locale.ROOT)));
    final List<String> sources = new ArrayList<>();
    node.required("sources").forEach(source -> sources.add(source.textValue()));
    plan.connections(node.required("connections").intValue())
        .pace(pace(node))
        .payload(node.required("payload").intValue())
        .warmUp(duration(node, "warmUp"))
        .drain(duration(node, "drain"))
        .lateBound(duration(node, "lateBound"))
        .connectRate(node.required("connectRate").doubleValue())
        .sources(sources)
        .trust(
            new Trust(
                node.required("insecure").booleanValue(),
                Optional.ofNullable(node.get("pem")).map(pem -> Path.of(pem.textValue()))))
        .serverChildren(node.required("serverChildren").booleanValue())
        .processes(node.required("processes").intValue())
        .sip(
            new SipUsers(
                node.required("domain").textValue(),
                node.required("firstUser").intValue(),
                duration(node, "hold")))
        .slow(
            new SlowReaders(
                node.required("slowShare").doubleValue(),
                node.required("slowBytesPerSecond").intValue()));
    if (node.has("subProtocol")) {
      plan.subProtocol(node.get("subProtocol").textValue());
    }
    if (node.has("serverPid")) {
      plan.serverPid(node.get("serverPid").longValue());
    }
    return plan.build();
  }

  private static Pace pace(JsonNode node) {
    final List<Pace.Step> steps = new ArrayList<>();
    for (final JsonNode step : node.required("steps")) {
      steps.add(
          new Pace.Step(
              step.required("from").doubleValue(),
              step.required("to").doubleValue(),
              duration(step, "time")));
    }
    return new Pace(steps, node.required("outstanding").intValue());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NS;
  }

  private static Duration duration(JsonNode node, String name) {
    return Duration.ofNanos(Math.round(node.required(name).doubleValue() * NS));
  }
}
