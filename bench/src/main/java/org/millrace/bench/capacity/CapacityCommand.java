package org.millrace.bench.capacity;

import picocli.CommandLine.Command;

/** {@code bench capacity}: what a server holds, and how many of them it takes. */
@Command(
    name = "capacity",
    description = {
      "How many machines a service needs: measure finds what one server holds under a service level,",
      "plan answers from that."
    },
    subcommands = {MeasureCommand.class, PlanCommand.class},
    mixinStandardHelpOptions = true)
public final class CapacityCommand {}
