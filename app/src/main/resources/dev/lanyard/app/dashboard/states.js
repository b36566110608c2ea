// The eight states of a task, in the order in which a task may pass through them.

export const STATES = ["scheduled", "pending", "running", "retrying", "completed", "failed", "cancelled", "timed_out"];
export const ENDED = new Set(["completed", "failed", "cancelled", "timed_out"]);
export const REPEATABLE = new Set(["failed", "cancelled", "timed_out"]);

const LABELS = { timed_out: "Timed out", lost: "Not counted" };
export const label = (state) => LABELS[state] ?? state[0].toUpperCase() + state.slice(1);

const EVENTS = {
  submitted: "Submitted", due: "Due", started: "Started", progress: "Progress", retrying: "Will be tried again", extended: "Deadline extended", cancel_requested: "Cancellation asked for",
  lost: "Broken off", stuck: "Does not stop", completed: "Completed", failed: "Failed", cancelled: "Cancelled", timed_out: "Timed out", rerun: "Run again",
};
export const eventLabel = (type) => EVENTS[type] ?? type.replaceAll("_", " ");

/** The order in which one wants to read tasks of these states. */
export function naturalOrder(states) {
  if (states.length === 0 || states.includes("running")) return "newest";
  if (states.every((state) => ENDED.has(state))) return "finished";
  if (states.every((state) => state === "scheduled" || state === "retrying")) return "due";
  return states.every((state) => !ENDED.has(state)) ? "urgent" : "newest";
}
