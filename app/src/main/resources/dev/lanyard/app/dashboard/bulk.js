// Cancelling or re-running everything that a filter lets through, after one question that says how many.
import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { CAUSE } from "./cause.js";
import { h } from "./elements.js";
import { filterOf } from "./filters.js";
import { counted } from "./format.js";
import { icon } from "./icons.js";
import { ENDED, label, REPEATABLE, STATES } from "./states.js";
import { complain, toast } from "./toast.js";

const ACTIONS = {
  cancel: { states: STATES.filter((state) => !ENDED.has(state)), verb: "Cancel", done: "Cancelled", answer: "cancelled", icon: "cancelled" },
  retry: { states: STATES.filter((state) => REPEATABLE.has(state)), verb: "Re-run", done: "Running again:", answer: "retried", icon: "rerun" },
};

/** `fits` says of a task whether there is anything to do with it. */
export function bulkButtons(route, states, afterwards) {
  return Object.entries(ACTIONS).flatMap(([path, action]) => {
    const wanted = action.states.filter((state) => states.length === 0 || states.includes(state));
    if (wanted.length === 0) return [];
    const run = async () => (await bulk(path, wanted, route)) && afterwards();
    return { button: h("button", { type: "button", class: "small", onclick: run }, icon(action.icon), `${action.verb} all`), fits: (task) => wanted.includes(task.state) };
  });
}

/** Resolves to whether it was done. */
export async function bulk(path, states, route = {}) {
  const action = ACTIONS[path];
  const filter = { ...filterOf(route), state: states };
  try {
    const { total, totalIsMore } = await get("tasks", { ...filter, state: states.join(","), limit: 1 });
    if (total === 0) return toast(`There is nothing to ${action.verb.toLowerCase()} here any more.`);
    const many = `${totalIsMore ? "more than " : ""}${counted(total, "task")}`;
    const those = states.map((state) => label(state).toLowerCase()).join(", ");
    const agreed = await ask({
      title: `${action.verb} ${many}?`,
      text: path === "cancel" ? `All here that are ${those}, with all below them. Cancelled tasks can be run again.` : `All here that are ${those}. Their attempts start anew.`,
      yes: `${action.verb} ${many}`, danger: path === "cancel", careful: true,
    });
    if (!agreed) return false;
    const answer = await post(`tasks/${path}`, path === "cancel" ? { filter, cause: CAUSE } : { filter });
    toast(`${action.done} ${counted(answer[action.answer] ?? 0, "task")}.`);
    return true;
  } catch (problem) {
    complain(problem);
    return false;
  }
}
