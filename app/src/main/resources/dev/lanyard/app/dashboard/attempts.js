// The time line of a task: a bar for each attempt on one scale, waits between them, and the deadline of the one that runs.
import { h, setText } from "./elements.js";
import { duration, millis, moment, ticking, visible, visibleLines } from "./format.js";
import { icon } from "./icons.js";
import { label } from "./states.js";

export function makeAttempts() {
  const list = h("ol", { class: "attempts" });
  let task = null;
  let attempts = [];
  let bars = [];

  function scale(time) {
    const start = millis(attempts[0].startedAt);
    const last = attempts.at(-1);
    const open = !last.finishedAt && task.state === "running";
    const due = open && task.deadline ? millis(task.deadline) : 0;
    return { start, end: Math.max(start + 1, due, ...attempts.map((each) => millis(each.finishedAt) ?? time)) };
  }

  function place(time) {
    if (attempts.length === 0) return;
    const { start, end } = scale(time);
    const share = (at) => `${(((at - start) / (end - start)) * 100).toFixed(3)}%`;
    attempts.forEach((attempt, index) => {
      const { bar, length, limit } = bars[index];
      const from = millis(attempt.startedAt);
      const to = millis(attempt.finishedAt) ?? time;
      bar.style.left = share(from);
      bar.style.width = `max(3px, ${share(start + (to - from))})`;
      setText(length, attempt.finishedAt ? duration(to - from) : ticking(to - from));
      const running = !attempt.finishedAt && task.state === "running" && task.deadline;
      limit.hidden = !running;
      if (running) limit.style.left = `min(${share(millis(task.deadline))}, calc(100% - 2px))`;
    });
  }

  return {
    element: list,
    show(nextTask, nextAttempts, time) {
      task = nextTask;
      attempts = nextAttempts.filter((attempt) => attempt.startedAt);
      bars = [];
      list.replaceChildren(...attempts.map((attempt) => {
        const outcome = attempt.outcome ?? (attempt.finishedAt ? "lost" : "running");
        const bar = h("span", { class: "bar-of-attempt" });
        const limit = h("span", { class: "limit", title: "Deadline" });
        const length = h("span", { class: "length" });
        bars.push({ bar, limit, length });
        return h("li", { "data-state": outcome },
          h("div", { class: "attempt-head" }, icon(outcome), h("span", {}, `Attempt ${attempt.attempt}`), h("span", { class: "outcome" }, outcome === "retrying" ? "Failed, tried again" : label(outcome)), h("span", { class: "faint", title: "Node" }, visible(attempt.node ?? "", 60)), h("span", { class: "grow" }),
            h("time", { class: "faint", datetime: attempt.startedAt }, moment(millis(attempt.startedAt))), length),
          h("div", { class: "scale" }, bar, limit), attempt.error ? h("p", { class: "attempt-error mono" }, visibleLines(attempt.error, 4000)) : null);
      }));
      place(time);
    },
    tick: place,
  };
}
