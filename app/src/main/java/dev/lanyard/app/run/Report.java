package dev.lanyard.app.run;

import dev.lanyard.context.SignalException;
import dev.lanyard.tasks.Stats;
import dev.lanyard.tasks.TaskEvent;

/** What a run tells the world. Called by many threads at once. */
sealed interface Report permits TextReport, JsonReport {
  void on(TaskEvent event);

  /** The first signal came, and the run is about to stop. */
  void stopping(SignalException signal);

  /** Every task has ended. */
  void finished(Stats stats);
}
