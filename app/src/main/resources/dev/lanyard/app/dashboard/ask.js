// One question before something is ended.
import { h } from "./elements.js";

/** Resolves to whether the answer was yes. `careful` puts the focus on the harmless answer. */
export function ask({ title, text, yes, no = "Keep", danger = true, careful = false }) {
  return new Promise((resolve) => {
    const agree = h("button", { type: "submit", value: "yes", class: `first${danger ? " danger" : ""}` }, yes);
    const refuse = h("button", { type: "submit", value: "no" }, no);
    const dialog = h("dialog", { class: "question", "aria-labelledby": "question-title", "aria-describedby": "question-text" },
      h("form", { method: "dialog" }, h("h2", { id: "question-title" }, title), h("p", { id: "question-text", class: "soft" }, text), h("div", { class: "answers" }, refuse, agree)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    (careful ? refuse : agree).focus();
  });
}
