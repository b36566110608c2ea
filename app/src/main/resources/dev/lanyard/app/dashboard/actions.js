// What can be done to a task or to the queue, each with its question and its way back.
import { post, taskPath } from "./api.js";
import { ask } from "./ask.js";
import { CAUSE } from "./cause.js";
import { visible } from "./format.js";
import { emit } from "./signals.js";
import { ENDED, REPEATABLE } from "./states.js";
import { complain, toast } from "./toast.js";

const quoted = (task) => `“${visible(task.name, 60)}”`;

export const canCancel = (task) => !ENDED.has(task.state) && !task.cancelRequestedAt;
export const canRerun = (task) => REPEATABLE.has(task.state);
export const canExtend = (task) => task.critical && task.state === "running" && Boolean(task.deadline) && !task.cancelRequestedAt;

export async function cancel(task) {
  if (!canCancel(task)) return;
  const below = task.children > 0 ? " Everything below it in its tree is cancelled too." : "";
  const now = task.state === "running" ? "It is running and is told to stop now." : task.state === "retrying" ? "It has no further attempt then." : "It has not begun and never will.";
  const agreed = await ask({ title: `Cancel ${quoted(task)}?`, text: `${now}${below} It can be run again.`, yes: "Cancel the task" });
  if (!agreed) return;
  try {
    await post(taskPath(task.id, "cancel"), { cause: CAUSE });
    toast(`Cancelled ${quoted(task)}.`, { action: { words: "Re-run?", run: () => rerun(task) } });
  } catch (problem) {
    complain(problem);
  }
}

export async function rerun(task) {
  try {
    await post(taskPath(task.id, "retry"));
    toast(`Running again: ${quoted(task)}.`);
  } catch (problem) {
    complain(problem);
  }
}

export async function extend(task, by) {
  if (!canExtend(task)) return;
  try {
    await post(taskPath(task.id, "extend"), { by });
    toast(`${quoted(task)} has ${by} more.`);
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
