// What an event changes in a task that the page already holds: the same as the store changed in its row.
import { ENDED } from "./states.js";

const ANEW = { progress: 0, progressNote: null };

/** True if it changed. Lists and events travel apart, and an event may be older than the list that came before it. */
export function applyEvent(task, event) {
  const { type } = event;
  if (type === "progress") {
    if (task.state !== "running" || event.attempt < task.attempt) return false;
    Object.assign(task, { progress: event.progress, progressNote: event.text, deadline: event.deadline });
    return true;
  }
  if (type !== "rerun" && event.attempt < task.attempt) return false;
  // An end is final unless the task was run again.
  if (ENDED.has(task.state) && type !== "rerun") return false;
  const ran = task.state === "running";
  const { state, attempt, priority, progress, deadline, runAt } = event;
  Object.assign(task, { state, attempt, priority, progress, deadline, runAt, node: event.node ?? task.node });
  if (type === "started") Object.assign(task, ANEW, { startedAt: task.startedAt ?? event.at });
  else if (type === "retrying") task.error = event.text;
  // The attempt does not count.
  else if (type === "lost") Object.assign(task, ANEW, { attempt: attempt - 1 });
  else if (type === "cancel_requested") Object.assign(task, { cancelRequestedAt: event.at, cancelCause: event.text });
  else if (type === "rerun") Object.assign(task, ANEW, { startedAt: null, finishedAt: null, error: null, result: null, cancelRequestedAt: null, cancelCause: null, cancelBy: null });
  else if (ENDED.has(state)) {
    task.finishedAt = event.at;
    // One that waited keeps the error of its last attempt; what is told then is why it was cancelled.
    if (ran) task.error = event.text;
    else if (state === "cancelled") Object.assign(task, { cancelRequestedAt: task.cancelRequestedAt ?? event.at, cancelCause: event.text });
  }
  return true;
}
