// The first view: what runs, what waits, what went wrong, and how it goes.
import { rerun } from "./actions.js";
import { bulk } from "./bulk.js";
import { makeCharts } from "./charts.js";
import { PANEL } from "./columns.js";
import { h } from "./elements.js";
import { icon } from "./icons.js";
import { makeNodes } from "./nodes.js";
import { makePanel } from "./panel.js";
import { REPEATABLE } from "./states.js";
import { openSubmit } from "./submit.js";

let made = null;

export function showOverview(place) {
  // Made once and kept: coming back to it shows it at once.
  made ??= make();
  place.replaceChildren(made.element);
  made.parts.forEach((part) => part.seen());
  return {
    move(step) {
      const rows = [...place.querySelectorAll("a[data-row]:not(.waiting)")].filter((row) => row.offsetParent !== null);
      const index = rows.indexOf(document.activeElement);
      rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + step))]?.focus();
    },
    enter: () => {},
    focus: () => {},
    current: () => document.activeElement?.task ?? null,
    renew: () => made.parts.forEach((part) => part.renew()),
    redraw: () => {},
    close: () => {},
  };
}

/** As many lines as the window has room for; it is not looked at again, so that nothing jumps. */
function room() {
  if (innerWidth < 760) return { upper: 8, lower: 5 };
  return { upper: Math.max(8, Math.min(18, Math.floor((innerHeight - 420) / 36))), lower: innerHeight > 1250 ? 12 : 8 };
}

function make() {
  const { upper, lower } = room();
  const again = { label: "Re-run", icon: "rerun", run: rerun, fits: (task) => REPEATABLE.has(task.state) };
  const deadStates = ["failed", "timed_out"];
  const all = h("button", { type: "button", class: "small plain", hidden: true, onclick: () => bulk("retry", deadStates) }, icon("rerun"), "Re-run all");
  const panels = [
    makePanel({ name: "running", title: "Running", states: ["running"], order: "newest", size: upper, columns: PANEL.running, keepPlaces: true,
      empty: { icon: "calm", title: "Nothing is running", text: "Tasks appear here as soon as a slot takes them.",
        first: () => [icon("calm"), h("strong", {}, "Ready for the first task"), h("p", {}, "Submit one here, or from a shell:"), h("code", { class: "command" }, "lanyard submit --name hello --sleep 2s"), h("button", { type: "button", class: "first", onclick: openSubmit }, icon("plus"), "New task")] } }),
    makePanel({ name: "queue", title: "Queue", states: ["pending"], order: "urgent", size: upper, columns: PANEL.queue,
      empty: { icon: "completed", title: "The queue is empty", text: "Nothing waits for a free slot." } }),
    makePanel({ name: "later", title: "Retries and scheduled", states: ["retrying", "scheduled"], order: "due", size: lower, columns: PANEL.later,
      empty: { icon: "scheduled", title: "Nothing is due later", text: "Failed attempts wait here for their next one, and tasks for their time." } }),
    makePanel({ name: "dead", title: "Dead letters", states: deadStates, order: "finished", size: lower, columns: PANEL.ended, action: { ...again, all },
      empty: { icon: "completed", title: "No dead letters", text: "Tasks that failed for good or ran out of time would be kept here." } }),
    makePanel({ name: "cancelled", title: "Cancelled", states: ["cancelled"], order: "finished", size: lower, columns: PANEL.ended, action: again,
      empty: { icon: "cancelled", title: "Nothing was cancelled", text: "Cancelled tasks are listed here with their cause." } }),
  ];
  const [running, queue, later, dead, cancelled] = panels;
  const parts = [running, queue, makeCharts(), later, dead, cancelled, makeNodes()];
  return { parts, element: h("div", { class: "overview" }, parts.map((part) => part.element)) };
}
