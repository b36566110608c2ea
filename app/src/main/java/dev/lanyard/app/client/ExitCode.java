package dev.lanyard.app.client;

/** What a command tells its shell. Scripts rely on the numbers: they stay. */
enum ExitCode {
  DONE(0),
  /** A task that was waited for did not complete. */
  TASK_FAILED(1),
  WRONG_USAGE(2),
  /** No server, no answer in time, or the connection broke. */
  NOT_REACHABLE(3),
  /** The server said no: 4xx. */
  REFUSED(4),
  /** The server failed: 5xx, or an answer that is none of its API. */
  SERVER_FAILED(5);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
