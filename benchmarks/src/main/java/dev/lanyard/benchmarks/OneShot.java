package dev.lanyard.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** A scenario that is a program of its own, because it is no loop over one operation. */
record OneShot(String section, String name, Program program) {
  /** What is run in a JVM of its own. */
  @FunctionalInterface
  interface Program {
    /**
     * Measures once.
     *
     * @param divisor 1, or by how much smaller the program is to be for a trial
     */
    void run(Report report, int divisor) throws Exception;
  }

  static final List<OneShot> ALL =
      Stream.of(
              FanOut.programs(),
              WakeUp.programs(),
              Firing.programs(),
              Saturation.programs(),
              StructuredSaturation.programs(),
              Footprint.programs(),
              Forgotten.programs())
          .flatMap(List::stream)
          .toList();

  /**
   * Runs one of them and prints what it reports.
   *
   * @param arguments the name of the scenario; perhaps by how much smaller it is to be
   * @throws Exception if it fails
   */
  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    int divisor = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    for (OneShot shot : ALL) {
      if (shot.name.equals(name)) {
        shot.program.run(new Report(name, IO::println), divisor);
        return;
      }
    }
    throw new IllegalArgumentException("there is no program " + name);
  }
}
