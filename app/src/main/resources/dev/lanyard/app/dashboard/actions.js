// What can be done to a task or to all, each with its question and its way back.
import { get, post, taskPath } from "./api.js";
import { ask } from "./ask.js";
import { count, visible } from "./format.js";
import { emit } from "./signals.js";
import { ENDED, REPEATABLE } from "./states.js";
import { complain, toast } from "./toast.js";

const quoted = (task) => `“${visible(task.name, 60)}”`;

export const canCancel = (task) => !ENDED.has(task.state) && !task.cancelRequestedAt;
export const canRerun = (task) => REPEATABLE.has(task.state);
export const canExtend = (task) => task.critical && task.state === "running" && Boolean(task.deadline);

export async function cancel(task) {
  if (!canCancel(task)) return;
  const below = task.children > 0 ? " Everything below it in its tree is cancelled too." : "";
  const agreed = await ask({ title: `Cancel ${quoted(task)}?`, text: `${task.state === "running" ? "It is running and is told to stop now." : "It has not begun and never will."}${below} It can be run again.`, yes: "Cancel the task" });
  if (!agreed) return;
  try {
    emit("changed", await post(taskPath(task.id, "cancel"), { cause: "cancelled from the dashboard" }));
    toast(`Cancelled ${quoted(task)}.`, { action: { words: "Re-run?", run: () => rerun(task) } });
  } catch (problem) {
    complain(problem);
  }
}

export async function rerun(task) {
  try {
    emit("changed", await post(taskPath(task.id, "retry")));
    toast(`Running again: ${quoted(task)}.`);
  } catch (problem) {
    complain(problem);
  }
}

export async function extend(task, by) {
  if (!canExtend(task)) return;
  try {
    emit("changed", await post(taskPath(task.id, "extend"), { by }));
    toast(`${quoted(task)} has ${by} more.`);
  } catch (problem) {
    complain(problem);
  }
}

export async function rerunAll() {
  try {
    const { total } = await get("tasks", { state: "failed,timed_out", limit: 1 });
    if (total === 0) return toast("There are no dead letters.");
    if (!(await ask({ title: `Re-run all ${count(total)} dead letters?`, text: "All that failed for good or ran out of time. Their attempts start anew.", yes: "Re-run them", danger: false, careful: true }))) return;
    const { retried } = await post("tasks/retry", { filter: { state: ["failed", "timed_out"] } });
    toast(`Running again: ${count(retried)} ${retried === 1 ? "task" : "tasks"}.`);
  } catch (problem) {
    complain(problem);
  }
}

export async function setPaused(paused) {
  try {
    const stats = await post(paused ? "pause" : "resume");
    emit("stats", stats);
    emit("paused", stats.paused);
    toast(paused ? "Paused. What runs goes on; nothing new starts." : "Resumed.", paused ? { action: { words: "Resume", run: () => setPaused(false) } } : {});
  } catch (problem) {
    complain(problem);
  }
}
