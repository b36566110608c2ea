// A short list on the overview: the first tasks of one filter, kept up to date in place.
import { get } from "./api.js";
import { nextFrame, now, onQuickBeat, soon } from "./beat.js";
import { h, setAttribute, setText } from "./elements.js";
import { count, millis } from "./format.js";
import { icon } from "./icons.js";
import { catchUp } from "./recent.js";
import { refresher } from "./refresher.js";
import { listOf, storyOf } from "./route.js";
import { makeRow } from "./row.js";
import { settle } from "./settle.js";
import { on, onLatest } from "./signals.js";
import { applyEvent } from "./task.js";
import { trouble } from "./trouble.js";

export function makePanel({ name, title, states, order, size, columns, empty, action = null, keepPlaces = false }) {
  const wanted = new Set(states);
  let shown = [];
  let problem = null;
  let loaded = false;
  let untouched = false;
  let certain = true;
  const lines = [];
  const list = h("ul", { class: "lines" });
  const message = h("div", { class: "void", hidden: true });
  const tally = h("span", { class: "tally" });
  const failed = trouble();
  const element = h("section", { class: `panel panel-${name}`, "aria-labelledby": `panel-${name}` },
    h("header", {}, h("h2", { id: `panel-${name}` }, h("a", { href: listOf({ state: states.join(","), order }) }, title, tally)), h("span", { class: "grow" }), failed.element, action?.all ?? null),
    h("div", { class: "body" }, list, message));
  element.style.setProperty("--lines", size);

  const refresh = refresher(async () => {
    const asked = performance.now();
    try {
      const answer = await get("tasks", { state: states.join(","), order, limit: size });
      catchUp(answer.tasks, asked);
      shown = keepPlaces ? settle(shown, answer.tasks, size, stays) : answer.tasks;
      problem = null;
      certain = true;
    } catch (failure) {
      problem = failure;
    }
    loaded = true;
    nextFrame(draw);
  }, 1000, () => element.isConnected);

  /** Its end may have been missed if events were lost, or if it should be over by now. */
  const stays = (task) => certain && wanted.has(task.state) && !(millis(task.deadline) < now() - 3000 && task.deadline);

  function draw() {
    if (!element.isConnected) return;
    const time = now();
    const needed = loaded ? shown.length : size;
    while (lines.length < needed) lines.push(makeLine());
    lines.forEach((line, index) => {
      const task = shown[index];
      line.element.hidden = index >= needed;
      line.row.element.classList.toggle("waiting", !task);
      if (!task) return;
      line.row.show(task, time);
      setAttribute(line.row.element, "data-left", wanted.has(task.state) ? null : "");
      setAttribute(line.row.element, "href", storyOf(task.id));
      line.row.element.task = task;
      if (line.button) line.button.hidden = !action.fits(task);
    });
    const nothing = loaded && shown.length === 0;
    message.hidden = !nothing;
    failed.show(nothing ? null : problem);
    if (!nothing) return;
    if (problem) message.replaceChildren(icon("alert"), h("strong", {}, problem.title), h("p", {}, problem.message), h("button", { type: "button", class: "small", onclick: () => refresh.now() }, "Try again"));
    else if (untouched && empty.first) message.replaceChildren(...empty.first());
    else message.replaceChildren(icon(empty.icon), h("strong", {}, empty.title), h("p", {}, empty.text));
  }

  function makeLine() {
    const row = makeRow(columns, { tag: "a", properties: { "data-row": "" } });
    row.element.to = () => storyOf(row.task.id);
    const button = action ? h("button", { type: "button", class: "small plain", "aria-label": action.label, title: action.label, onclick: () => action.run(row.task) }, icon(action.icon)) : null;
    const line = { row, button, element: h("li", {}, row.element, button) };
    list.append(line.element);
    return line;
  }

  on("task", (event) => {
    const task = shown.find((each) => each.id === event.task);
    if (task && applyEvent(task, event)) soon(draw);
    if (task || wanted.has(event.state)) refresh.touch();
  });
  on("progress", (event) => {
    const task = shown.find((each) => each.id === event.task);
    if (task && applyEvent(task, event)) soon(draw);
  });
  on("refresh", () => {
    certain = false;
    refresh.touch();
  });
  onLatest("stats", (stats) => {
    const all = states.reduce((sum, state) => sum + (stats.states?.[state] ?? 0), 0);
    const none = Object.values(stats.states ?? {}).every((amount) => amount === 0);
    if (none !== untouched) {
      untouched = none;
      element.classList.toggle("untouched", none);
      nextFrame(draw);
    }
    setText(tally, all > 0 ? count(all) : "");
    if (action?.all) action.all.hidden = all === 0;
    // The counts are the truth: if they do not agree with what is shown, something was missed.
    if (problem || (loaded && Math.min(all, size) !== shown.length)) refresh.touch();
  });
  onQuickBeat((time) => {
    if (element.isConnected) for (const line of lines) if (!line.element.hidden) line.row.tick(time);
  });
  return {
    element,
    renew: () => refresh.now(),
    /** It is on the page now. */
    seen() {
      draw();
      refresh.touch();
    },
  };
}
