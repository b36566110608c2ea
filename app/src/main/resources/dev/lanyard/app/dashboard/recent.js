// Events of the last seconds. A list is as old as the moment it was asked for; what came by since then is applied to it again.
import { PATIENCE } from "./api.js";
import { on } from "./signals.js";
import { applyEvent } from "./task.js";

// Longer than the oldest answer is old.
const KEPT = PATIENCE + 2000;
let events = [];

on("task", (event) => events.push({ event, at: performance.now() }));
setInterval(() => {
  const oldest = performance.now() - KEPT;
  events = events.filter((each) => each.at > oldest);
}, 1000);

export function catchUp(tasks, since) {
  const later = events.filter((each) => each.at >= since);
  if (later.length === 0) return;
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const { event } of later) {
    const task = byId.get(event.task);
    if (task) applyEvent(task, event);
  }
}
