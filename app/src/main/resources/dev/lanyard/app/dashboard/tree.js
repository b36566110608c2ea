// The tree of a request, and the way that a cancellation took through it.
import { by } from "./cause.js";
import { setProgress } from "./columns.js";
import { h, link } from "./elements.js";
import { counted, duration, millis, visible } from "./format.js";
import { icon } from "./icons.js";
import { storyOf } from "./route.js";
import { ENDED, label } from "./states.js";

const ENDS_CHILDREN = new Set(["cancelled", "failed", "timed_out"]);

/** Marks what the cancellation reached: a cancelled task below one that did not complete either. */
function pathsOf(tasks) {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const reached = new Set();
  const origins = new Map();
  for (const task of tasks) {
    const parent = byId.get(task.parent);
    if (task.state !== "cancelled") continue;
    if (parent && ENDS_CHILDREN.has(parent.state)) reached.add(task.id);
    else origins.set(task.id, []);
  }
  for (const id of reached) {
    let top = byId.get(id);
    while (reached.has(top.id)) top = byId.get(top.parent);
    if (!origins.has(top.id)) origins.set(top.id, []);
    origins.get(top.id).push(byId.get(id));
  }
  return { reached, origins };
}

export function drawTree(tasks, openId, more) {
  const { reached, origins } = pathsOf(tasks);
  const children = Map.groupBy(tasks, (task) => task.parent ?? "");
  const known = new Set(tasks.map((task) => task.id));
  const tops = tasks.filter((task) => !known.has(task.parent));

  function branch(list) {
    return h("ul", {}, list.map((task) => {
      const below = children.get(task.id) ?? [];
      const origin = origins.has(task.id);
      return h("li", { class: [reached.has(task.id) ? "reached" : "", origin ? "origin" : ""].join(" ").trim() || null },
        link(() => storyOf(task.id), { class: "twig", "data-state": task.state, "data-row": "", "aria-current": task.id === openId ? "true" : null, "data-id": task.id },
          icon(task.state), h("span", { class: "unseen" }, `${label(task.state)}: `), h("span", { class: "title" }, visible(task.name, 120)),
          origin ? h("span", { class: "tag path" }, task.state === "cancelled" ? "cancelled here" : "ended here") : null, h("span", { class: "grow" }), detail(task)),
        below.length > 0 ? branch(below) : null);
    }));
  }

  const element = h("div", { class: "tree" }, [...origins].filter(([id, all]) => all.length > 0 || known.size > 1 || id === openId).map(([id, all]) => sentence(tasks.find((task) => task.id === id), all)), branch(tops),
    more ? h("p", { class: "soft" }, "Only the first 500 tasks of this tree are shown.") : null);
  for (const twig of element.querySelectorAll(".twig")) twig.task = tasks.find((task) => task.id === twig.dataset.id);
  return element;
}

function detail(task) {
  if (task.state === "running") {
    const track = h("span", { class: "track" }, h("span", { class: "fill" }));
    setProgress(track, task);
    return [track, h("span", { class: "faint twig-time" }, `${task.progress ?? 0} %`)];
  }
  return h("span", { class: "faint twig-time" }, ENDED.has(task.state) && task.startedAt && task.finishedAt ? duration(millis(task.finishedAt) - millis(task.startedAt)) : ENDED.has(task.state) ? "not started" : label(task.state).toLowerCase());
}

function sentence(origin, all) {
  const began = millis(origin.cancelRequestedAt ?? origin.finishedAt);
  const last = Math.max(...[origin, ...all].map((task) => millis(task.finishedAt) ?? began));
  const cause = origin.state === "cancelled" ? origin.cancelCause : origin.error;
  const how = origin.state === "cancelled" ? "was cancelled" : origin.state === "failed" ? "failed" : "ran out of time";
  return h("p", { class: "path-sentence", "data-state": origin.state }, icon(origin.state), h("span", {},
    h("b", {}, visible(origin.name, 80)), ` ${how} ${by(origin)}`, cause ? h("q", {}, visible(cause, 300)) : "",
    all.length > 0 ? ` It reached ${counted(all.length, "task")} below within ${duration(last - began)}.` : ""));
}
