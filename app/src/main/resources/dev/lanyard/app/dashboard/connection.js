// Whether what is shown is live: a dot in the bar, and a banner when it is not, when the queue is paused, or when the server is a newer one.
import { setPaused } from "./actions.js";
import { h } from "./elements.js";
import { icon } from "./icons.js";
import { on } from "./signals.js";
import { retryNow } from "./stream.js";
import { announce } from "./toast.js";

export function makeConnection(dot, banner) {
  const words = h("span", {}, "Connecting");
  dot.append(h("span", { class: "lamp", "aria-hidden": "true" }), words);
  dot.dataset.state = "connecting";
  let connection = { state: "connecting", failures: 0 };
  let paused = false;
  let version = null;
  let newer = false;
  let shown = "";

  function draw() {
    const lost = connection.state !== "live" && connection.failures > 1;
    dot.dataset.state = connection.state === "live" ? "live" : lost ? "lost" : "connecting";
    words.textContent = connection.state === "live" ? "Live" : lost ? "Offline" : "Connecting";
    document.body.classList.toggle("stale", lost);
    const kind = lost ? "lost" : newer ? "newer" : paused ? "paused" : "";
    if (kind !== shown) {
      shown = kind;
      banner.hidden = kind === "";
      banner.dataset.kind = kind;
      banner.replaceChildren(...parts(kind));
    }
    if (kind === "lost") {
      const left = Math.max(0, Math.ceil(((connection.until ?? 0) - Date.now()) / 1000));
      banner.querySelector(".countdown").textContent = connection.state === "waiting" && left > 0 ? `Trying again in ${left} s.` : "Trying again…";
    }
  }

  function parts(kind) {
    const button = (text, run) => h("button", { type: "button", class: "small", onclick: run }, text);
    if (kind === "lost") return [icon("alert"), h("span", {}, h("b", {}, "The connection to the server is lost. "), "What you see may be old. ", h("span", { class: "countdown" })), button("Try now", retryNow)];
    if (kind === "newer") return [icon("rerun"), h("span", {}, "The server was updated."), button("Reload the page", () => location.reload())];
    if (kind === "paused") return [icon("pause"), h("span", {}, h("b", {}, "Paused. "), "No node takes new tasks; what runs goes on."), button("Resume", () => setPaused(false))];
    return [];
  }

  on("connection", (next) => {
    const wasLost = shown === "lost";
    connection = next;
    draw();
    if (wasLost !== (shown === "lost")) announce(wasLost ? "Connected again." : "The connection to the server is lost.");
  });
  on("stats", (stats) => {
    paused = stats.paused === true;
    version ??= stats.version;
    newer = Boolean(version && stats.version && stats.version !== version);
    draw();
  });
  setInterval(() => {
    if (shown === "lost") draw();
  }, 500);
}
