// The filter of the list: what it lets through, the chips that show it, and what the server understands of it.
import { h } from "./elements.js";
import { visible } from "./format.js";
import { icon } from "./icons.js";
import { addressWith, chosenOrder, FILTERS } from "./route.js";

const WORDS = { kind: "Kind", name: "Name", request: "Request", node: "Node", root: "Tree of", parent: "Children of", q: "Search" };

export function queryOf(route) {
  const query = Object.fromEntries(FILTERS.filter((name) => route[name]).map((name) => [name, route[name]]));
  return { ...query, order: chosenOrder() };
}

/** Whether an event is about a task that belongs into the list. */
export function lets(route, states, event) {
  if (states.length > 0 && !states.includes(event.state)) return false;
  const same = (wanted, found) => !wanted || wanted === found;
  if (!same(route.kind, event.kind) || !same(route.name, event.name) || !same(route.request, event.requestId)) return false;
  if (!same(route.node, event.node) || !same(route.root, event.root) || !same(route.parent, event.parent)) return false;
  if (!route.q) return true;
  const sought = route.q.toLowerCase();
  return [event.task, event.name, event.kind, event.requestId].some((text) => text?.toLowerCase().includes(sought));
}

export function chips(route) {
  return FILTERS.filter((name) => name !== "state" && route[name]).map((name) =>
    h("a", { class: "chip", href: addressWith({ [name]: null }), title: "Remove this filter" },
      h("span", { class: "unseen" }, "Remove the filter "),      h("span", { class: "faint" }, WORDS[name]), " ", h("span", { class: "chip-value" }, visible(route[name], 80)), icon("close")));
}
