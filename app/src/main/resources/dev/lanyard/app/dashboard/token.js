// Asks for the token that the server wants, once for all calls that were refused.
import { onUnauthorized, useToken } from "./api.js";
import { h } from "./elements.js";

export function listenForRefusals() {
  onUnauthorized((wrong) => new Promise((resolve) => {
    const field = h("input", { type: "password", id: "token", name: "token", autocomplete: "current-password", required: true, spellcheck: "false", "aria-describedby": "token-hint", "aria-invalid": wrong ? "true" : null });
    const form = h("form", { class: "form", onsubmit(event) {
      event.preventDefault();
      if (field.value.trim() === "") return;
      useToken(field.value.trim());
      dialog.close();
      dialog.remove();
      resolve();
    } }, h("h2", { id: "token-title" }, "This server wants a token"),
    h("div", { class: "field" }, h("label", { for: "token" }, "Token"), field,
      h("p", { class: wrong ? "fault" : "hint", id: "token-hint" }, wrong ? "The server did not accept that token." : "The one that the server was started with. It is kept until this tab is closed.")),
    h("div", { class: "answers" }, h("button", { type: "submit", class: "first" }, "Continue")));
    const dialog = h("dialog", { class: "question", "aria-labelledby": "token-title" }, form);
    // Without it nothing works: Escape does not lead anywhere.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  }));
}
