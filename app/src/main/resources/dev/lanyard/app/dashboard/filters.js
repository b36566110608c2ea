// The filter of the list: what it lets through, the chips that show it, and what the server understands of it.
import { h, link } from "./elements.js";
import { visible } from "./format.js";
import { icon } from "./icons.js";
import { addressWith, chosenOrder, FILTERS } from "./route.js";

const WORDS = { kind: "Kind", name: "Name", request: "Request", node: "Node", root: "Tree of", parent: "Children of", q: "Search" };

/** As the server has it: names and values of all that is asked for. */
export const filterOf = (route) => Object.fromEntries(FILTERS.filter((name) => route[name]).map((name) => [name, route[name]]));
export const queryOf = (route) => ({ ...filterOf(route), order: chosenOrder() });

const STAY = new Set(["extended", "cancel_requested", "stuck"]);
const includes = (states, state) => states.length === 0 || states.includes(state);

/** Whether a task of the list still belongs into it: of what the filter asks for, only state and node ever change. */
export function lets(route, states, task) {
  return includes(states, task.state) && (!route.node || route.node === task.node);
}

/** Whether an event brings a task into the list that is not shown in it; `tree` is the root of what is shown, for below a task in a tree that is all an event can tell. */
export function enters(route, states, event, tree) {
  if (STAY.has(event.type) || !includes(states, event.state)) return false;
  // With all states and nodes in the list a task comes into it once.
  if (states.length === 0 && !route.node && event.type !== "submitted") return false;
  const same = (wanted, found) => !wanted || wanted === found;
  if (!["kind", "name", "node", "parent"].every((field) => same(route[field], event[field])) || !same(route.request, event.requestId)) return false;
  if (route.root && ![event.task, event.parent, event.root].includes(route.root) && event.root !== tree) return false;
  if (!route.q) return true;
  const sought = route.q.toLowerCase();
  return [event.task, event.name, event.kind, event.requestId].some((text) => text?.toLowerCase().includes(sought));
}

export function chips(route) {
  return FILTERS.filter((name) => name !== "state" && route[name]).map((name) =>
    link(() => addressWith({ [name]: null }), { class: "chip", title: "Remove this filter" },
      h("span", { class: "unseen" }, "Remove the filter "), h("span", { class: "faint" }, WORDS[name]), " ", h("span", { class: "chip-value" }, visible(route[name], 80)), icon("close")));
}
