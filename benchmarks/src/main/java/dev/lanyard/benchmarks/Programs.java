package dev.lanyard.benchmarks;

import java.io.IOException;
import java.util.List;

/** What measures a scenario, in a process of its own. */
interface Programs {
  List<Measurement> measure(int round, Scenario scenario) throws IOException, InterruptedException;
}
