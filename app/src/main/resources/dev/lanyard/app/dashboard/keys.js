// The keys of the page, in one table that is also its help.
import { h } from "./elements.js";

let bindings = [];
const STORED = "lanyard.keys";
// Single letters can be switched off: they get in the way of speech input.
let letters = true;
try {
  letters = localStorage.getItem(STORED) !== "off";
} catch {
  // Forbidden storage: the letters stay on.
}

/** table: [[keys, words, action]], keys as KeyboardEvent.key has them. */
export function bindKeys(table) {
  bindings = table;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing && event.key !== "Escape") return;
    if (event.key.length === 1 && !letters && event.key !== "?") return;
    const binding = bindings.find(([keys]) => keys.includes(event.key));
    if (!binding || (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key))) return;
    // Arrows scroll what has the focus; only in lists of lines do they choose.
    if (event.key.startsWith("Arrow") && !event.target.closest?.("[data-row]")) return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    event.preventDefault();
    binding[2](event);
  });
}

const SHOWN = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Enter: "Enter" };

export function showKeys() {
  const toggle = h("input", { type: "checkbox", checked: letters, onchange() {
    letters = toggle.checked;
    try {
      localStorage.setItem(STORED, letters ? "on" : "off");
    } catch {
      // Then it holds until the page is loaded again.
    }
  } });
  const dialog = h("dialog", { class: "help", "aria-labelledby": "help-title" }, h("form", { method: "dialog" }, h("h2", { id: "help-title" }, "Keys"),
    h("dl", {}, bindings.map(([keys, words]) => h("div", {}, h("dt", {}, keys.map((key) => h("kbd", {}, SHOWN[key] ?? key))), h("dd", {}, words))),
      h("div", {}, h("dt", {}, h("kbd", {}, "Ctrl"), "+ click"), h("dd", {}, "On a count: add the state to the filter"))),
    h("label", { class: "check" }, toggle, h("span", {}, "Single letters act")), h("div", { class: "answers" }, h("button", { value: "close", class: "first" }, "Close"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("button").focus();
}
