// The machines that take tasks: slots, heartbeat, state.
import { get } from "./api.js";
import { now, onSlowBeat } from "./beat.js";
import { h, setAttribute, setText } from "./elements.js";
import { ago, duration, millis, visible } from "./format.js";
import { refresher } from "./refresher.js";
import { listOf } from "./route.js";
import { on } from "./signals.js";

const BLOCKS = 24;

export function makeNodes() {
  const body = h("tbody");
  const message = h("p", { class: "soft pad" }, "Loading…");
  const rows = new Map();
  let nodes = [];
  const refresh = refresher(async () => {
    try {
      nodes = (await get("nodes")).nodes;
      message.hidden = nodes.length > 0;
      message.textContent = "No node is running: tasks wait until one starts.";
    } catch (problem) {
      message.hidden = false;
      message.textContent = problem.message;
    }
    draw();
  }, 2000, () => element.isConnected);

  function draw() {
    const time = now();
    const here = new Set(nodes.map((node) => node.id));
    for (const [id, row] of rows) if (!here.has(id)) {
      row.element.remove();
      rows.delete(id);
    }
    for (const node of nodes) {
      if (!rows.has(node.id)) {
        rows.set(node.id, makeLine(node));
        body.append(rows.get(node.id).element);
      }
      rows.get(node.id).show(node, time);
    }
  }
  let beat = 0;
  onSlowBeat(() => {
    if (!element.isConnected) return;
    draw();
    // Not told by events: heartbeats and slots are read every three seconds.
    if (beat++ % 3 === 0) refresh.touch();
  });
  on("refresh", refresh.touch);
  on("paused", () => refresh.now());
  const element = h("section", { class: "panel panel-nodes", "aria-labelledby": "panel-nodes" },
    h("header", {}, h("h2", { id: "panel-nodes" }, "Nodes")),
    h("div", { class: "body wide", tabindex: "0", role: "group", "aria-labelledby": "panel-nodes" }, h("table", {}, h("thead", {}, h("tr", {}, ["Node", "State", "Slots", "Heartbeat", "Up", "Version"].map((words) => h("th", { scope: "col" }, words)))), body), message));
  return { element, renew: () => refresh.now(), seen: refresh.touch };
}

function makeLine(node) {
  const state = h("span", { class: "node-state" });
  const slots = h("span", { class: "soft" });
  const blocks = h("span", { class: "blocks", "aria-hidden": "true" });
  const heartbeat = h("td");
  const up = h("td", { class: "soft" });
  const version = h("td", { class: "soft" });
  const element = h("tr", {}, h("th", { scope: "row" }, h("a", { href: listOf({ node: node.id }), title: node.id }, visible(node.id, 60)), node.self ? h("span", { class: "tag", title: "This page comes from it" }, "this one") : null), h("td", {}, state),
    h("td", {}, h("span", { class: "slots" }, slots, blocks)), heartbeat, up, version);
  return {
    element,
    show(fresh, time) {
      setText(state, fresh.state);
      setAttribute(state, "data-node", fresh.state);
      setText(slots, `${fresh.running} / ${fresh.slots}`);
      const total = Math.min(BLOCKS, fresh.slots);
      while (blocks.children.length > total) blocks.lastChild.remove();
      while (blocks.children.length < total) blocks.append(h("i"));
      const full = fresh.slots === 0 ? 0 : Math.round((fresh.running / fresh.slots) * total);
      [...blocks.children].forEach((block, index) => block.classList.toggle("full", index < full));
      const silent = time - millis(fresh.heartbeatAt);
      setText(heartbeat, silent < 5000 && fresh.state !== "lost" ? "just now" : ago(silent));
      heartbeat.classList.toggle("late", silent > 15_000 || fresh.state === "lost");
      const minutes = Math.floor((time - millis(fresh.startedAt)) / 60_000);
      setText(up, minutes > 0 ? duration(minutes * 60_000).replace(/ 00 s$/, "") : "under 1 m");
      setText(version, visible(fresh.version ?? "", 30));
    },
  };
}
