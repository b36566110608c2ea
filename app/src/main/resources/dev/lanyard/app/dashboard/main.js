// Puts the page together: the bar, the view that the address names, the story beside it, keys, and the live events.
import { cancel, extend, rerun } from "./actions.js";
import { get } from "./api.js";
import { setServerTime } from "./beat.js";
import { makeConnection } from "./connection.js";
import { copy } from "./copy.js";
import { byId, setAttribute } from "./elements.js";
import { visible } from "./format.js";
import { bindKeys, showKeys } from "./keys.js";
import { showList } from "./list.js";
import { showOverview } from "./overview.js";
import { address, addressWith, FILTERS, go, onRoute, route } from "./route.js";
import { makeSearch } from "./search.js";
import { emit } from "./signals.js";
import { openStory } from "./story.js";
import { follow } from "./stream.js";
import { openSubmit } from "./submit.js";
import { makeTiles } from "./tiles.js";
import { listenForRefusals } from "./token.js";
import { makeTools, pauseOrResume, switchTheme } from "./tools.js";

let view = null;
let story = null;
let returnTo = null;

listenForRefusals();
makeTiles(byId("tiles"));
makeConnection(byId("connection"), byId("banner"));
const search = makeSearch(byId("search"), () => view.focus());
makeTools(byId("tools"));

/** The list is made anew when its filter or order changes, not when a story opens beside it. */
const viewKey = (to) => JSON.stringify([to.view, to.view === "tasks" ? [...FILTERS.map((name) => to[name]), to.order] : null]);

function showView() {
  view?.close();
  view = route().view === "tasks" ? showList(byId("view")) : showOverview(byId("view"));
  document.body.dataset.view = route().view;
  setAttribute(byId("to-overview"), "aria-current", route().view === "overview" ? "page" : null);
  setAttribute(byId("to-tasks"), "aria-current", route().view === "tasks" ? "page" : null);
  byId("heading").textContent = route().view === "tasks" ? "Lanyard: tasks" : "Lanyard: overview";
}

/** On a narrow screen the story covers the rest, which must then not be reached by Tab. */
const narrow = matchMedia("(max-width: 1100px)");
function cover() {
  const covered = story !== null && narrow.matches;
  byId("main").inert = covered;
  document.querySelector("header.bar").inert = covered;
}
narrow.addEventListener("change", cover);

function showStory(focus) {
  const id = route().task;
  if ((story?.id ?? null) === id) return;
  const opening = story === null;
  const from = document.activeElement;
  if (opening) returnTo = from;
  // From one story to the next within the story (its tree), the focus goes along.
  const along = byId("story").contains(from) || (opening && (from?.matches("[data-row], .grid") || narrow.matches));
  story?.close();
  story = id === null ? null : openStory(byId("story"), id, title);
  document.body.classList.toggle("has-story", story !== null);
  cover();
  if (story !== null && focus && along) story.focus();
  if (story === null) {
    if (returnTo?.isConnected) returnTo.focus({ preventScroll: true });
    returnTo = null;
  }
  title();
}

function title() {
  document.title = story?.task ? `${visible(story.task.name, 60)} · Lanyard` : route().view === "tasks" ? "Tasks · Lanyard" : "Lanyard";
}

onRoute((to, from) => {
  if (viewKey(to) !== viewKey(from)) showView();
  showStory(true);
  // The mark of the open task depends on the address.
  view.redraw();
});
showView();
showStory(false);

/** What keys act on: the line that has the focus, else the open story. */
const current = () => view.current() ?? document.activeElement?.task ?? story?.task ?? null;
const withCurrent = (action) => () => {
  const task = current();
  if (task) action(task);
};

bindKeys([
  [["j", "ArrowDown"], "Next task", () => view.move(1)],
  [["k", "ArrowUp"], "Previous task", () => view.move(-1)],
  [["Enter"], "Open the story of the task", () => view.enter()],
  [["Escape"], "Close the story", () => close()],
  [["/"], "Search", () => search.focus()],
  [["c"], "Cancel the task", withCurrent(cancel)],
  [["r"], "Re-run the task", withCurrent(rerun)],
  [["e"], "Extend a critical task by 30 s", withCurrent((task) => extend(task, "30s"))],
  [["y"], "Copy the id of the task", withCurrent((task) => copy(task.id, "task id"))],
  [["n"], "New task", openSubmit],
  [["p"], "Pause or resume", pauseOrResume],
  [["o"], "Overview", () => go(address({ view: "overview", task: route().task }))],
  [["t"], "All tasks", () => go(address({ view: "tasks", task: route().task }))],
  [["."], "Update the list", () => view.renew()],
  [["d"], "Light, dark, or as the system", switchTheme],
  [["?"], "These keys", showKeys],
]);

function close() {
  if (document.activeElement === search) search.blur();
  else if (story !== null) go(addressWith({ task: null }));
}

async function begin() {
  try {
    const stats = await get("stats");
    if (stats.now) setServerTime(stats.now);
    emit("stats", stats);
  } catch {
    // The stream will bring them.
  }
}
begin();
follow();
