// Asks for the token that the server wants, once for all calls that were refused.
import { onUnauthorized, useToken } from "./api.js";
import { h } from "./elements.js";

// What a header can have; with anything else no call would ever leave.
const TOKEN = /^[\x21-\x7e]+$/;

export function listenForRefusals() {
  onUnauthorized((wrong) => new Promise((resolve) => {
    let answered = false;
    const field = h("input", { type: "password", id: "token", name: "token", autocomplete: "current-password", required: true, spellcheck: "false", "aria-describedby": "token-hint", "aria-invalid": wrong ? "true" : null });
    const hint = h("p", { class: wrong ? "fault" : "hint", id: "token-hint" }, wrong ? "The server did not accept that token." : "The one that the server was started with. It is kept until this tab is closed.");
    const form = h("form", { class: "form", onsubmit(event) {
      event.preventDefault();
      const token = field.value.trim();
      if (!TOKEN.test(token)) {
        hint.className = "fault";
        hint.textContent = "A token has only letters, digits and signs of ASCII, and no spaces.";
        field.setAttribute("aria-invalid", "true");
        field.focus();
        return;
      }
      useToken(token);
      answered = true;
      dialog.close();
    } }, h("h2", { id: "token-title" }, "This server wants a token"),
    h("div", { class: "field" }, h("label", { for: "token" }, "Token"), field, hint),
    h("div", { class: "answers" }, h("button", { type: "submit", class: "first" }, "Continue")));
    const dialog = h("dialog", { class: "question", "aria-labelledby": "token-title" }, form);
    // Without it nothing works. Escape leads nowhere, also the second one, which a browser does not let the page refuse.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      if (answered) {
        dialog.remove();
        resolve();
      } else show();
    });
    function show() {
      dialog.showModal();
      field.focus();
    }
    document.body.append(dialog);
    show();
  }));
}
