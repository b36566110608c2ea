// The columns of a list of tasks: how each is made, shown, and kept ticking.
import { h, setAttribute, setText } from "./elements.js";
import { ago, duration, millis, ticking, visible } from "./format.js";
import { changeIcon, icon } from "./icons.js";
import { ENDED, label } from "./states.js";

function set(element, text, title) {
  setText(element, text);
  setAttribute(element, "title", title ?? null);
}

const state = {
  name: "state", head: "State",
  make: () => [icon("pending"), h("span", { class: "state-label" })],
  show([mark, words], task) {
    changeIcon(mark, task.state);
    setText(words, task.cancelRequestedAt && !ENDED.has(task.state) ? "Cancelling" : label(task.state));
  },
};

const name = {
  name: "name", head: "Name",
  make: () => [h("span", { class: "title" }), h("span", { class: "kind" })],
  show([title, kind], task) {
    setText(title, visible(task.name, 200));
    setText(kind, visible(task.kind, 40));
  },
};

/** A bar while it runs; afterwards what went wrong, for that is what one looks for then. */
const what = {
  name: "what", head: "Progress or reason",
  make: () => [h("span", { class: "track" }, h("span", { class: "fill" })), h("span", { class: "percent" }), h("span", { class: "reason" })],
  show([track, share, reason], task) {
    const running = task.state === "running";
    track.hidden = share.hidden = !running;
    reason.hidden = running;
    if (running) {
      setProgress(track, task);
      setText(share, task.progress === null || task.progress === undefined ? "" : `${task.progress} %`);
    } else {
      const text = task.state === "cancelled" ? task.cancelCause : task.state === "completed" ? null : task.error;
      set(reason, visible(text ?? "", 160), text ? visible(text) : null);
    }
  },
};

export function setProgress(track, task) {
  const share = Math.min(100, Math.max(0, task.progress ?? 0)) / 100;
  const fill = track.firstChild;
  const key = `${task.id} ${task.attempt}`;
  if (fill.share === share && fill.key === key) return;
  // Another task, another attempt or a step back: the bar must not be seen travelling.
  const jump = fill.key !== key || share < fill.share;
  fill.classList.toggle("jump", jump);
  fill.style.transform = `scaleX(${share})`;
  fill.share = share;
  fill.key = key;
}

const when = {
  name: "when", head: "Time",
  make: () => [h("span")],
  show([text], task, time) {
    const { words, late } = timeOf(task, time);
    setText(text, words);
    setAttribute(text, "class", late ? "late" : null);
  },
  ticks: (task) => !ENDED.has(task.state),
};

/** The one time that matters in this state. */
export function timeOf(task, time) {
  switch (task.state) {
    case "running": {
      if (!task.deadline) return { words: ticking(time - millis(task.startedAt)) };
      const left = millis(task.deadline) - time;
      return left > 0 ? { words: `${ticking(left)} left`, late: left < 1000 } : { words: "time is up", late: true };
    }
    case "pending":
      return { words: `waits ${ticking(time - millis(task.runAt ?? task.createdAt))}` };
    case "scheduled":
    case "retrying": {
      const wait = millis(task.runAt) - time;
      return { words: wait > 0 ? `in ${ticking(wait)}` : "due" };
    }
    default:
      return { words: task.startedAt && task.finishedAt ? duration(millis(task.finishedAt) - millis(task.startedAt)) : task.attempt > 0 ? "–" : "not started" };
  }
}

const priority = { name: "priority", head: "Priority", make: () => [h("span")], show: ([text], task) => setText(text, String(task.priority ?? "")) };
const attempt = {
  name: "attempt", head: "Attempt", make: () => [h("span")],
  show: ([text], task) => setText(text, task.attempt > 0 && (task.maxAttempts > 1 || task.attempt > 1) ? `${task.attempt ?? 0} of ${task.maxAttempts}` : ""),
};
const node = { name: "node", head: "Node", make: () => [h("span")], show: ([text], task) => set(text, visible(task.node ?? "", 60), task.node) };
const request = { name: "request", head: "Request", make: () => [h("span")], show: ([text], task) => set(text, visible(task.requestId ?? "", 60), task.requestId) };
const age = {
  name: "age", head: "Age", make: () => [h("span")],
  show: ([text], task, time) => setText(text, ago(time - millis((ENDED.has(task.state) && task.finishedAt) || task.createdAt))),
  ticks: () => true,
};

export const LIST = [state, name, what, when, priority, attempt, node, request, age];
export const PANEL = {
  running: [state, name, what, when, node],
  queue: [state, name, when, priority],
  later: [state, name, what, attempt, when],
  ended: [state, name, what, age],
};
