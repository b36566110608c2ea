// The story of one task: what it does now, its attempts, what happened to it, its tree, and what can be done.
import { cancel, canCancel, canExtend, canRerun, extend, rerun } from "./actions.js";
import { get, getText, taskPath } from "./api.js";
import { makeAttempts } from "./attempts.js";
import { nextFrame, now, onQuickBeat, soon } from "./beat.js";
import { by } from "./cause.js";
import { setProgress, timeOf } from "./columns.js";
import { h, setAttribute, setText } from "./elements.js";
import { facts } from "./facts.js";
import { duration, millis, moment, ticking, visible, visibleLines } from "./format.js";
import { icon } from "./icons.js";
import { catchUp } from "./recent.js";
import { refresher } from "./refresher.js";
import { addressWith, go } from "./route.js";
import { on } from "./signals.js";
import { ENDED, eventLabel, label } from "./states.js";
import { applyEvent } from "./task.js";
import { drawTree } from "./tree.js";
import { trouble } from "./trouble.js";

// A command that was cancelled or ran out of time leaves no output.
const PRINTED = new Set(["completed", "failed"]);

/** `named` is called when it is known whose story it is. */
export function openStory(place, id, named) {
  const stop = new AbortController();
  let task = null;
  let events = [];
  let attempts = [];
  let tree = [];
  let more = false;
  let output = null;
  let problem = null;
  // Trees in which something happened while it was not yet known which one this is.
  let early = null;

  const heading = h("h2", { tabindex: "-1", class: "story-name" }, "Loading…");
  const badge = h("span", { class: "badge" });
  const buttons = h("div", { class: "story-buttons" });
  const failure = trouble();
  const close = h("button", { type: "button", class: "plain square", "aria-label": "Close the story", title: "Close (Esc)", onclick: () => go(addressWith({ task: null })) }, icon("close"));
  const track = h("div", { class: "track big", role: "progressbar", "aria-label": "Progress", "aria-valuemin": "0", "aria-valuemax": "100" }, h("span", { class: "fill" }));
  const deadline = h("div", { class: "deadline", "aria-hidden": "true" }, h("span"));
  const progress = h("div", { class: "now" }, track, h("div", { class: "now-words" }, h("span", { class: "percent" }), h("span", { class: "soft" }), h("span", { class: "grow" }), h("span", { class: "time-left" })), deadline);
  const extendRow = h("div", { class: "extend" }, h("span", { class: "soft" }, "Critical: its deadline can be moved"), ["10s", "30s", "1m"].map((more) => h("button", { type: "button", class: "small", onclick: () => extend(task, more) }, `+${more.replace("s", " s").replace("m", " min")}`)));
  const fault = h("div", { class: "fault-box", hidden: true });
  const list = h("dl", { class: "facts" });
  const line = makeAttempts();
  const log = h("ol", { class: "log" });
  const treePlace = h("div");
  const printed = h("pre", { class: "block", tabindex: "0", "aria-label": "Output" });
  const section = (title, ...content) => h("section", { class: "chapter" }, h("h3", {}, title), ...content);
  const chapters = {
    attempts: section("Attempts", line.element), facts: section("Details", list), output: section("Output", printed), tree: section("Tree", treePlace), log: section("What happened", log),
    payload: h("details", { class: "chapter" }, h("summary", {}, "Payload"), h("pre", { class: "block", tabindex: "0", "aria-label": "Payload" })),
    result: h("details", { class: "chapter", open: true }, h("summary", {}, "Result"), h("pre", { class: "block", tabindex: "0", "aria-label": "Result" })),
  };
  const content = h("div", { class: "story-body", hidden: true }, progress, extendRow, fault, chapters.attempts, chapters.tree, chapters.facts, chapters.output, chapters.result, chapters.payload, chapters.log);
  const message = h("div", { class: "void", hidden: true });
  place.replaceChildren(h("header", { class: "story-head" }, h("div", { class: "story-title" }, badge, heading, close), failure.element, buttons), content, message);
  place.hidden = false;
  place.scrollTop = 0;

  const load = refresher(async () => {
    const asked = performance.now();
    if (task === null) early = new Set();
    try {
      const [whole, story, tries, family] = await Promise.all([
        get(taskPath(id), null, stop.signal), get(taskPath(id, "events"), null, stop.signal), get(taskPath(id, "attempts"), null, stop.signal), get(taskPath(id, "tree"), null, stop.signal)]);
      // The four answers are of different moments; an end that came by meanwhile must not be taken back.
      catchUp([whole], asked);
      catchUp(family.tasks, asked);
      task = whole;
      // What was on its way then may be older than that, and events tell of no result.
      if (early?.has(task.root)) load.touch();
      early = null;
      events = story.events;
      attempts = tries.attempts;
      tree = family.tasks;
      more = family.more === true;
      treeTouched = logTouched = true;
      problem = null;
      message.hidden = true;
      content.hidden = false;
      nextFrame(draw);
      output = task.kind === "exec" && PRINTED.has(task.state) ? await getText(taskPath(id, "output"), stop.signal).catch(() => null) : null;
    } catch (failed) {
      if (stop.signal.aborted) return;
      problem = failed;
      early = null;
      // What is no longer there cannot be shown as if it were.
      if (problem.status === 404) task = null;
    }
    nextFrame(draw);
  }, 700);

  function fail() {
    setText(heading, problem.status === 404 ? "Not found" : problem.title);
    content.hidden = true;
    buttons.hidden = true;
    badge.replaceChildren();
    badge.shown = null;
    buttonsFor = "";
    message.hidden = false;
    failedFor = changed(failedFor, [problem.title, problem.message], () =>
      message.replaceChildren(icon("alert"), h("strong", {}, problem.title), h("p", {}, problem.message), h("button", { type: "button", onclick: () => load.now() }, "Try again")));
  }

  let failedFor = "";
  let buttonsFor = "";
  let factsFor = "";
  let treeFor = "";
  let logFor = "";
  let attemptsFor = "";
  // Whether they may have changed; a tree is not compared for every step of a progress elsewhere.
  let treeTouched = false;
  let logTouched = false;

  /** Each part is made again only if what it shows has changed: nothing under the pointer or the focus is replaced in vain. */
  function changed(before, value, apply) {
    const key = JSON.stringify(value);
    if (key !== before) apply();
    return key;
  }

  function draw() {
    if (stop.signal.aborted) return;
    named();
    failure.show(task === null ? null : problem);
    if (task === null) {
      if (problem !== null) fail();
      return;
    }
    const time = now();
    const running = task.state === "running";
    setText(heading, visible(task.name, 300));
    setAttribute(place, "data-state", task.state);
    const cancelling = task.cancelRequestedAt && !ENDED.has(task.state);
    if (badge.shown !== `${task.state} ${Boolean(cancelling)}`) {
      badge.shown = `${task.state} ${Boolean(cancelling)}`;
      badge.replaceChildren(icon(task.state), cancelling ? "Cancelling" : label(task.state));
    }
    buttonsFor = changed(buttonsFor, [canCancel(task), canRerun(task)], () => buttons.replaceChildren(...[
      canCancel(task) ? h("button", { type: "button", class: "small danger", onclick: () => cancel(task) }, icon("cancelled"), "Cancel", h("kbd", { "aria-hidden": "true" }, "c")) : null,
      canRerun(task) ? h("button", { type: "button", class: "small", onclick: () => rerun(task) }, icon("rerun"), "Re-run", h("kbd", { "aria-hidden": "true" }, "r")) : null].filter(Boolean)));
    buttons.hidden = buttons.children.length === 0;
    progress.hidden = ENDED.has(task.state);
    track.hidden = !running;
    extendRow.hidden = !canExtend(task);
    const cause = task.state === "cancelled" || cancelling ? task.cancelCause : null;
    const wrong = [cause ?? task.error, cause && by(task)].filter(Boolean).join(", ");
    fault.hidden = wrong === "";
    once(fault, wrong, (text) => visibleLines(text, 20_000));
    factsFor = changed(factsFor, [task.state, task.node, task.attempt, task.startedAt, task.finishedAt, task.runAt, task.children], () => list.replaceChildren(...facts(task)));
    attemptsFor = changed(attemptsFor, [attempts, task.state, task.deadline], () => line.show(task, attempts, time));
    chapters.attempts.hidden = attempts.length === 0;
    chapters.tree.hidden = tree.length < 2 && task.state !== "cancelled";
    if (treeTouched) treeFor = changed(treeFor, tree.map((each) => [each.id, each.state, each.cancelCause, each.finishedAt, each.progress]), () => {
      const held = treePlace.contains(document.activeElement) ? document.activeElement.dataset.id : null;
      treePlace.replaceChildren(drawTree(tree, id, more));
      if (held) treePlace.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
    });
    if (logTouched) logFor = changed(logFor, events.map((event) => event.id), drawLog);
    treeTouched = logTouched = false;
    chapters.output.hidden = !output;
    once(printed, output, visibleLines);
    for (const field of ["payload", "result"]) {
      chapters[field].hidden = task[field] === null || task[field] === undefined;
      once(chapters[field].lastChild, task[field], (value) => visibleLines(typeof value === "string" ? value : JSON.stringify(value, null, 2), 100_000));
    }
    tick(time);
  }

  /** Long texts are not put together again for each event. */
  function once(element, value, words) {
    if (element.of === value) return;
    element.of = value;
    element.textContent = value === null || value === undefined ? "" : words(value);
  }

  function drawLog() {
    const start = events.length > 0 ? millis(events[0].at) : 0;
    log.replaceChildren(...events.map((event) => h("li", { "data-state": event.state }, h("time", { class: "mono faint", datetime: event.at, title: moment(millis(event.at)) }, `+${duration(millis(event.at) - start)}`),
      h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "log-words" }, h("b", {}, eventLabel(event.type)), event.type === "started" ? h("span", { class: "soft" }, ` attempt ${event.attempt}${event.node ? ` on ${visible(event.node, 60)}` : ""}`) : null, event.text ? h("span", { class: "log-text" }, visibleLines(event.text, 4000)) : null))));
  }

  function tick(time) {
    if (task === null || ENDED.has(task.state)) {
      deadline.hidden = true;
      return;
    }
    const [share, note, , left] = progress.children[1].children;
    const running = task.state === "running";
    if (running) {
      setProgress(track, task);
      setAttribute(track, "aria-valuenow", task.progress ?? 0);
    }
    setText(share, running ? `${task.progress ?? 0} %` : "");
    setText(note, running ? visible(task.progressNote ?? "", 120) : "");
    const words = timeOf(task, time);
    const whole = running && task.deadline ? millis(task.deadline) - millis(task.startedAt) : 0;
    setText(left, whole > 0 ? `${words.words} of ${ticking(whole)}` : words.words);
    left.classList.toggle("late", words.late === true);
    deadline.hidden = whole <= 0;
    if (whole > 0) deadline.firstChild.style.transform = `scaleX(${Math.max(0, Math.min(1, (millis(task.deadline) - time) / whole))})`;
    deadline.classList.toggle("late", words.late === true);
    if (running) line.tick(time);
  }

  function take(event) {
    if (task === null) {
      early?.add(event.root);
      return;
    }
    if (event.task === id) {
      if (event.id && !events.some((each) => each.id === event.id)) {
        events.push(event);
        logTouched = true;
      }
      if (applyEvent(task, event)) soon(draw);
      if (event.type === "rerun") output = null;
      if (event.type !== "progress") load.touch();
    }
    const relative = tree.find((each) => each.id === event.task);
    if (relative) {
      if (applyEvent(relative, event)) {
        treeTouched = true;
        soon(draw);
      }
    } else if (event.root === task.root) load.touch();
  }

  const off = [on("task", take), on("progress", take), on("refresh", load.touch), on("stats", () => problem && load.touch()), onQuickBeat(tick)];
  load.now();
  return {
    id,
    get task() {
      return task;
    },
    focus: () => heading.focus({ preventScroll: true }),
    close() {
      stop.abort();
      load.stop();
      off.forEach((each) => each());
      place.hidden = true;
      place.replaceChildren();
    },
  };
}
