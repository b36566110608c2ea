// The address of what is shown stands behind the #: a link leads there, and the browser's back button goes back.
import { naturalOrder } from "./states.js";

export const FILTERS = ["state", "kind", "name", "request", "node", "root", "parent", "q"];
const KNOWN = [...FILTERS, "order", "task"];
const listeners = new Set();

function parse() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const given = new URLSearchParams(query);
  const route = { view: path === "tasks" ? "tasks" : "overview" };
  for (const name of KNOWN) route[name] = given.get(name) || null;
  return route;
}

let current = parse();
export const route = () => current;
export const chosenStates = () => (current.state ? current.state.split(",").filter(Boolean) : []);
export const chosenOrder = () => current.order ?? naturalOrder(chosenStates());

export function address(to) {
  const query = new URLSearchParams();
  for (const name of KNOWN) if (to[name]) query.set(name, to[name]);
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return `#/${to.view === "tasks" ? "tasks" : ""}${text ? `?${text}` : ""}`;
}

/** The same place with these changes. */
export const addressWith = (changes) => address({ ...current, ...changes });
/** The list with this filter only, which is what one wants to see then, and not the story. */
export const listOf = (filter) => address({ view: "tasks", ...filter });
export const storyOf = (id) => addressWith({ task: id });

export function go(to, { replace = false } = {}) {
  if (to === location.hash) return;
  // Not by location.hash: that tells of it only later, and whoever goes somewhere wants to act there at once.
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  changed();
}

export function onRoute(listener) {
  listeners.add(listener);
}

function changed() {
  const before = current;
  current = parse();
  for (const listener of listeners) listener(current, before);
}
// A # without a slash is a place in the page (the skip link), not a view.
addEventListener("hashchange", () => {
  if (location.hash === "" || location.hash.startsWith("#/")) changed();
});
