// What an event changes in a task that the page already holds.
import { ENDED } from "./states.js";

/** True if it changed. Lists and events travel apart, and an event may be older than the list that came before it. */
export function applyEvent(task, event) {
  if (event.type === "progress") {
    if (task.state !== "running") return false;
    task.progress = event.progress ?? task.progress;
    if (event.text) task.progressNote = event.text;
    if (event.deadline) task.deadline = event.deadline;
    return true;
  }
  if (event.type !== "rerun" && event.attempt < task.attempt) return false;
  // An end is final unless the task was run again.
  if (ENDED.has(task.state) && event.type !== "rerun" && !ENDED.has(event.state)) return false;
  task.state = event.state;
  for (const field of ["attempt", "node", "priority", "progress"]) task[field] = event[field] ?? task[field];
  task.deadline = event.deadline ?? null;
  if (event.type === "started") Object.assign(task, { startedAt: event.at, finishedAt: null, error: null });
  else if (event.type === "cancel_requested") Object.assign(task, { cancelRequestedAt: event.at, cancelCause: event.text });
  else if (event.type === "rerun") Object.assign(task, { startedAt: null, finishedAt: null, error: null, cancelRequestedAt: null, cancelCause: null, cancelBy: null, progress: 0, progressNote: null, result: null });
  else if (event.type === "retrying") task.error = event.text;
  else if (ENDED.has(event.state)) {
    task.finishedAt = event.at;
    if (event.state === "cancelled") task.cancelCause ??= event.text;
    else task.error = event.text;
  }
  return true;
}
