// What stands at the end of the bar: a new task, pause, theme, keys.
import { setPaused } from "./actions.js";
import { byId, h } from "./elements.js";
import { changeIcon, icon } from "./icons.js";
import { showKeys } from "./keys.js";
import { on } from "./signals.js";
import { openSubmit } from "./submit.js";

let paused = false;
export const pauseOrResume = () => setPaused(!paused);

export function makeTools(place) {
  const button = (name, words, key, run) => h("button", { type: "button", class: "plain square", "aria-label": words, title: `${words} (${key})`, "aria-keyshortcuts": key, onclick: run }, icon(name));
  const pause = button("pause", "Pause: nodes take no new tasks", "p", pauseOrResume);
  on("stats", (stats) => {
    if (paused === (stats.paused === true)) return;
    paused = stats.paused === true;
    changeIcon(pause.firstChild, paused ? "play" : "pause");
    const words = paused ? "Resume: nodes take tasks again" : "Pause: nodes take no new tasks";
    pause.setAttribute("aria-label", words);
    pause.title = `${words} (p)`;
  });
  const theme = button("auto", "Theme", "d", switchTheme);
  theme.id = "theme";
  place.append(h("button", { type: "button", class: "first new", "aria-keyshortcuts": "n", onclick: openSubmit }, icon("plus"), h("span", {}, "New task")), pause, theme, button("keys", "Keys", "?", showKeys));
  markTheme();
}

function markTheme() {
  const chosen = document.documentElement.dataset.theme ?? "auto";
  changeIcon(byId("theme").firstChild, chosen);
  byId("theme").setAttribute("aria-label", `Theme: ${chosen === "auto" ? "as the system" : chosen}`);
}

export function switchTheme() {
  const next = { auto: "light", light: "dark", dark: "auto" }[document.documentElement.dataset.theme ?? "auto"];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  markTheme();
  try {
    localStorage.setItem("lanyard.theme", next);
  } catch {
    // Then it holds until the page is loaded again.
  }
}
