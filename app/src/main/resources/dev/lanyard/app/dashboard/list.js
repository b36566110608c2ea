// The list of all tasks that a filter lets through.
import { nextFrame, now, onQuickBeat, soon } from "./beat.js";
import { bulkButtons } from "./bulk.js";
import { LIST } from "./columns.js";
import { h, setAttribute, setText } from "./elements.js";
import { chips, enters, lets, queryOf } from "./filters.js";
import { counted } from "./format.js";
import { icon } from "./icons.js";
import { makePages } from "./pages.js";
import { refresher } from "./refresher.js";
import { addressWith, chosenOrder, chosenStates, go, route, storyOf } from "./route.js";
import { makeRow } from "./row.js";
import { on } from "./signals.js";
import { applyEvent } from "./task.js";
import { announce } from "./toast.js";
import { trouble } from "./trouble.js";
import { makeWindow } from "./window.js";

const ORDERS = { newest: "Newest first", urgent: "Most urgent first", due: "Next due first", finished: "Last ended first" };

export function showList(place) {
  const asked = { ...route() };
  const states = chosenStates();
  let active = -1;
  let activeId = null;
  let changes = 0;
  let pointed = -Infinity;
  let tall = 0;
  let told = false;

  const total = h("span", { class: "soft total" });
  const failure = trouble();
  const bulk = bulkButtons(asked, states, () => refresh.now());
  const news = h("button", { type: "button", class: "small news", hidden: true, onclick: renew }, icon("retrying"), h("span"), h("kbd", { "aria-hidden": "true" }, "."));
  const order = h("select", { class: "order", "aria-label": "Order", onchange: () => go(addressWith({ order: order.value })) },
    Object.entries(ORDERS).map(([value, words]) => h("option", { value, selected: value === chosenOrder() }, words)));
  const toolbar = h("div", { class: "toolbar" }, total, chips(asked), news, failure.element, h("span", { class: "grow" }), bulk.map((each) => each.button), order);
  const head = h("div", { role: "rowgroup", class: "heads" }, h("div", { class: "row head", role: "row", "aria-rowindex": "1" },
    LIST.map((column) => h("span", { class: `cell ${column.name}`, role: "columnheader" }, column.head))));
  const grid = h("div", { class: "grid", role: "grid", tabindex: "0", "aria-label": "Tasks", onkeydown: keys, onclick: clicked }, head);
  const message = h("div", { class: "void list-void", hidden: true });
  place.replaceChildren(h("section", { class: "list", "aria-label": "List of tasks" }, toolbar, grid, message));

  const pages = makePages(queryOf(asked), () => nextFrame(draw));
  const refresh = refresher(async () => {
    changes = 0;
    await pages.first();
    // What has left while the list was on its way.
    if (pages.items.some((task) => !lets(asked, states, task))) outdated();
  }, 1000);
  const lines = makeWindow(grid, {
    height: () => tall,
    length: () => (pages.status === "loading" ? 12 : pages.items.length + (pages.next === null ? 0 : 1)),
    at: (index) => pages.items[index] ?? null,
    create(slot) {
      const row = makeRow(LIST, { role: "gridcell", properties: { role: "row", id: `line-${slot}` } });
      const show = (task, time, index) => {
        row.element.classList.toggle("waiting", task === null);
        setAttribute(row.element, "aria-rowindex", index + 2);
        setAttribute(row.element, "aria-selected", index === active ? "true" : "false");
        setAttribute(row.element, "data-open", task !== null && task.id === route().task ? "" : null);
        setAttribute(row.element, "data-left", task !== null && !lets(asked, states, task) ? "" : null);
        if (task !== null) row.show(task, time);
      };
      return { element: row.element, show, tick: row.tick };
    },
  });

  function draw() {
    if (activeId !== null && pages.items[active]?.id !== activeId) {
      const found = pages.items.findIndex((task) => task.id === activeId);
      active = found >= 0 ? found : Math.min(active, pages.items.length - 1);
      activeId = pages.items[active]?.id ?? null;
    }
    const nothing = pages.status !== "loading" && pages.items.length === 0;
    grid.hidden = nothing;
    message.hidden = !nothing;
    if (nothing) explain();
    else {
      lines.draw(now());
      setAttribute(grid, "aria-activedescendant", lines.elementAt(active)?.id);
      setAttribute(grid, "aria-rowcount", pages.totalIsMore ? -1 : (pages.total ?? 0) + 1);
    }
    setText(total, pages.total === null ? "" : `${pages.totalIsMore ? "more than " : ""}${counted(pages.total, "task")}`);
    // Once: a count that changes by itself would be read out without end.
    if (!told && pages.status === "ready") announce(total.textContent);
    told ||= pages.status === "ready";
    news.hidden = changes === 0 || settled();
    setText(news.children[1], counted(changes, "change"));
    failure.show(nothing ? null : pages.problem);
    for (const each of bulk) each.button.hidden = pages.next === null && !pages.items.some(each.fits);
    goOn();
  }

  function goOn() {
    if (pages.next !== null && grid.scrollTop + 3 * grid.clientHeight > pages.items.length * tall) pages.further();
  }

  function explain() {
    const filtered = states.length > 0 || chips(asked).length > 0;
    if (pages.status === "failed") {
      message.replaceChildren(icon("alert"), h("strong", {}, pages.problem.title), h("p", {}, pages.problem.message), h("button", { type: "button", onclick: () => refresh.now() }, "Try again"));
    } else if (filtered) {
      message.replaceChildren(icon("search"), h("strong", {}, "No task matches"), h("p", {}, "Nothing is in this state with this filter right now. The list fills by itself as soon as something is."),
        h("button", { type: "button", onclick: () => go("#/tasks") }, "Show all tasks"));
    } else message.replaceChildren(icon("calm"), h("strong", {}, "No tasks yet"), h("p", {}, "Submit one with the button above (or the key n), or from a shell with lanyard submit."));
  }

  /** Whether lines may move now: not while the reader is further down, points at one, or has one chosen. */
  function settled() {
    const choosing = active >= 0 && grid.contains(document.activeElement);
    return grid.scrollTop < 20 && !choosing && performance.now() - pointed > 1500;
  }

  function renew() {
    grid.scrollTop = 0;
    refresh.now();
  }

  function take(event) {
    const task = pages.held.get(event.task);
    if (task) {
      const fitted = lets(asked, states, task);
      if (applyEvent(task, event)) soon(draw);
      if (fitted && !lets(asked, states, task)) outdated();
    } else if (enters(asked, states, event, pages.items[0]?.root)) outdated();
  }

  function outdated() {
    changes++;
    if (settled()) refresh.touch();
    else soon(draw);
  }

  function choose(index, open = false) {
    const before = active;
    active = Math.max(0, Math.min(pages.items.length - 1, index));
    activeId = pages.items[active]?.id ?? null;
    if (activeId === null) return;
    if (active !== before) lines.reveal(active);
    if (open) go(storyOf(activeId));
    else if (route().task && route().task !== activeId) go(storyOf(activeId), { replace: true });
    draw();
  }

  function keys(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: lines.pageSize, PageUp: -lines.pageSize, Home: -Infinity, End: Infinity };
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in steps) choose(active + steps[event.key]);
    else if (event.key === "Enter" && activeId !== null) choose(active, true);
    else return;
    event.preventDefault();
  }

  function clicked(event) {
    const line = event.target.closest(".sizer > .row");
    if (!line || line.classList.contains("waiting")) return;
    const index = Number(line.getAttribute("aria-rowindex")) - 2;
    if (event.ctrlKey || event.metaKey) open(storyOf(pages.items[index].id), "_blank", "noopener");
    else choose(index, true);
  }

  /** How high a line is stands in the style sheet. */
  function measureLines() {
    tall = parseFloat(getComputedStyle(grid).getPropertyValue("--row"));
  }
  const measure = new ResizeObserver(() => {
    measureLines();
    lines.measure();
    nextFrame(draw);
  });
  measure.observe(grid);
  grid.addEventListener("scroll", () => nextFrame(draw), { passive: true });
  grid.addEventListener("pointermove", () => (pointed = performance.now()), { passive: true });
  const off = [
    on("task", take),
    on("progress", (event) => {
      const task = pages.held.get(event.task);
      if (task && applyEvent(task, event)) soon(draw);
    }),
    on("refresh", () => (pages.status === "ready" ? outdated() : refresh.touch())),
    onQuickBeat((time) => {
      lines.tick(time);
      if (changes > 0 && settled()) refresh.touch();
      goOn();
    }),
  ];
  measureLines();
  draw();
  refresh.now();

  return {
    move: (step) => {
      grid.focus({ preventScroll: true });
      choose(active < 0 ? 0 : active + step);
    },
    enter: () => activeId !== null && choose(active, true),
    focus: () => grid.focus({ preventScroll: true }),
    current: () => (grid.contains(document.activeElement) ? (pages.items[active] ?? null) : null),
    renew,
    redraw: () => nextFrame(draw),
    close() {
      off.forEach((stop) => stop());
      measure.disconnect();
      refresh.stop();
      pages.stop();
    },
  };
}
