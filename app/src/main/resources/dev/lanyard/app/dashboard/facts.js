// What is known about a task, as pairs of name and value; ids are filters or can be copied.
import { copy } from "./copy.js";
import { h } from "./elements.js";
import { count, duration, millis, moment, visible } from "./format.js";
import { icon } from "./icons.js";
import { listOf } from "./route.js";

const WAITS = new Set(["scheduled", "pending", "retrying"]);
const copier = (text, what) => h("button", { type: "button", class: "small plain square copier", "aria-label": `Copy the ${what}`, title: `Copy the ${what}`, onclick: () => copy(text, what) }, icon("copy"));
const filter = (name, value, what) => [h("a", { class: "mono cut", href: listOf({ [name]: value }), title: `Show the tasks of this ${what}` }, visible(value, 120)), copier(value, what)];
const at = (text) => (text ? h("time", { datetime: text, title: text }, moment(millis(text))) : null);

export function facts(task) {
  const spent = task.startedAt && task.finishedAt ? duration(millis(task.finishedAt) - millis(task.startedAt)) : null;
  const pairs = [
    ["Task", [h("span", { class: "mono cut" }, visible(task.id, 120)), copier(task.id, "task id")]],
    ["Request", task.requestId && filter("request", task.requestId, "request")],
    ["Trace", task.traceId && [h("span", { class: "mono cut" }, visible(task.traceId, 64)), copier(task.traceId, "trace id")]],
    ["Node", task.node && filter("node", task.node, "node")],
    ["Kind", h("a", { href: listOf({ kind: task.kind }) }, visible(task.kind, 80))],
    ["Priority", String(task.priority)],
    ["Attempt", `${task.attempt ?? 0} of ${task.maxAttempts}`],
    ["Timeout", task.timeoutMs ? [duration(task.timeoutMs).replace(/\.0+ s$/, " s"), task.critical ? h("span", { class: "tag" }, "critical") : null] : null],
    ["Children", task.children > 0 && h("a", { href: listOf({ parent: task.id }) }, count(task.children))],
    ["Created", at(task.createdAt)],
    [WAITS.has(task.state) ? "Due" : "Was due", task.runAt && task.runAt !== task.createdAt ? at(task.runAt) : null],
    ["Started", at(task.startedAt)],
    ["Ended", at(task.finishedAt)],
    ["Took", spent],
    ["Unique key", task.uniqueKey && h("span", { class: "mono" }, visible(task.uniqueKey, 200))],
  ];
  return pairs.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}
