// Cancelling or re-running everything that the filter shows, after one question that says how many.
import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { h } from "./elements.js";
import { count } from "./format.js";
import { icon } from "./icons.js";
import { ENDED, label, REPEATABLE, STATES } from "./states.js";
import { complain, toast } from "./toast.js";

const ACTIONS = {
  cancel: { states: STATES.filter((state) => !ENDED.has(state)), verb: "Cancel", done: "Cancelled", answer: "cancelled", icon: "cancelled" },
  retry: { states: STATES.filter((state) => REPEATABLE.has(state)), verb: "Re-run", done: "Running again:", answer: "retried", icon: "rerun" },
};
const plural = (value) => `${count(value)} ${value === 1 ? "task" : "tasks"}`;

export function bulkButtons(route, states, afterwards) {
  return Object.entries(ACTIONS).flatMap(([path, action]) => {
    const wanted = action.states.filter((state) => states.length === 0 || states.includes(state));
    if (wanted.length === 0) return [];
    // The server's bulk calls know no search, node or parent; acting on more than is shown would be worse than not acting.
    const unable = ["q", "node", "parent"].filter((name) => route[name]);
    const why = unable.length > 0 ? `Not possible while the list is filtered by ${unable.map((name) => (name === "q" ? "search" : name)).join(" and ")}.` : null;
    const run = () => (why ? toast(why) : bulk(path, action, wanted, route, afterwards));
    return h("button", { type: "button", class: "small", "aria-disabled": why ? "true" : null, title: why, onclick: run }, icon(action.icon), `${action.verb} all`);
  });
}

async function bulk(path, action, states, route, afterwards) {
  const filter = { state: states };
  for (const name of ["kind", "name", "request", "root"]) if (route[name]) filter[name] = route[name];
  try {
    const { total, totalIsMore } = await get("tasks", { ...filter, state: states.join(","), limit: 1 });
    if (total === 0) return toast(`There is nothing to ${action.verb.toLowerCase()} here any more.`);
    const many = `${totalIsMore ? "more than " : ""}${plural(total)}`;
    const agreed = await ask({
      title: `${action.verb} ${many}?`,
      text: path === "cancel"
        ? `Everything in this list that is ${states.map((state) => label(state).toLowerCase()).join(", ")}, with all below it. Cancelled tasks can be run again.`
        : "Their attempts start anew.",
      yes: `${action.verb} ${many}`, danger: path === "cancel", careful: true,
    });
    if (!agreed) return;
    const answer = await post(`tasks/${path}`, path === "cancel" ? { filter, cause: "cancelled from the dashboard" } : { filter });
    toast(`${action.done} ${plural(answer[action.answer] ?? 0)}.`);
    afterwards();
  } catch (problem) {
    complain(problem);
  }
}
