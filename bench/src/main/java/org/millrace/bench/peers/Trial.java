package org.millrace.bench.peers;

import java.io.IOException;
import org.millrace.bench.load.LoadPlan;
import org.millrace.bench.load.LoadResult;

/** Runs a load. */
interface Trial {
  LoadResult run(LoadPlan plan) throws IOException;
}
