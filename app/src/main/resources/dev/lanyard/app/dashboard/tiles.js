// Counts per state, each a filter; rates and slots beside them.
import { h, setAttribute, setText } from "./elements.js";
import { count, duration, rate, short } from "./format.js";
import { icon } from "./icons.js";
import { address, chosenStates, go, onRoute, route } from "./route.js";
import { on } from "./signals.js";
import { label, STATES } from "./states.js";

export function makeTiles(place) {
  const tiles = STATES.map((state) => {
    const value = h("span", { class: "value" }, "–");
    const button = h("a", { class: "tile", "data-state": state, onclick: (event) => several(event, state) }, h("span", { class: "what" }, icon(state), h("span", {}, label(state))), " ", value);
    return { state, button, value };
  });
  const gauge = (words, title) => {
    const value = h("dd", {}, "–");
    return { value, element: h("div", { title }, h("dt", {}, words), value) };
  };
  const gauges = {
    slots: gauge("Slots", "Running tasks of all slots of all nodes"),
    submitted: gauge("In", "Submitted per second over the last minute"),
    finished: gauge("Out", "Ended per second over the last minute"),
    p50: gauge("p50", "Half of the tasks of the last minute took at most this long"),
    p95: gauge("p95", "19 of 20 tasks of the last minute took at most this long"),
    oldest: gauge("Oldest waits", "How long the oldest pending task has been waiting"),
  };
  place.append(h("div", { class: "counts" }, tiles.map((tile) => tile.button)), h("dl", { class: "gauges" }, Object.values(gauges).map((each) => each.element)));

  /** With Ctrl, Cmd or Shift a state is added to the filter or taken from it. */
  function several(event, state) {
    if (!(event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    const chosen = new Set(chosenStates());
    if (!chosen.delete(state)) chosen.add(state);
    go(address({ ...route(), view: "tasks", order: null, state: STATES.filter((each) => chosen.has(each)).join(",") }));
  }

  function mark() {
    const chosen = route().view === "tasks" ? chosenStates() : [];
    for (const { state, button } of tiles) {
      const on = chosen.includes(state);
      setAttribute(button, "aria-current", on ? "true" : null);
      // The filter beside the state (a kind, a request) stays; a second click takes the state away.
      button.href = address({ ...route(), view: "tasks", order: null, state: on && chosen.length === 1 ? null : state });
    }
  }

  on("stats", (stats) => {
    for (const { state, button, value } of tiles) {
      const amount = stats.states?.[state] ?? 0;
      setText(value, short(amount));
      button.classList.toggle("none", amount === 0);
    }
    setText(gauges.slots.value, `${count(stats.running)} / ${count(stats.slots)}`);
    setText(gauges.submitted.value, rate(stats.throughput?.submitted));
    setText(gauges.finished.value, rate(stats.throughput?.finished));
    setText(gauges.p50.value, duration(stats.latency?.p50Ms));
    setText(gauges.p95.value, duration(stats.latency?.p95Ms));
    setText(gauges.oldest.value, stats.states?.pending ? duration(stats.oldestPendingMs) : "–");
  });
  onRoute(mark);
  mark();
}
