// Short messages at the foot of the page, some with a way back.
import { byId, h } from "./elements.js";
import { icon } from "./icons.js";

export function announce(text) {
  byId("announcer").textContent = text;
}

/** action: {words, run} */
export function toast(text, { action = null, bad = false } = {}) {
  const place = byId("toasts");
  const element = h("div", { class: `toast${bad ? " bad" : ""}` }, bad ? icon("alert") : null, h("span", { class: "toast-text" }, text));
  const away = () => {
    clearTimeout(timer);
    element.remove();
  };
  if (action) {
    element.append(h("button", { type: "button", class: "small", onclick() {
      away();
      action.run();
    } }, action.words));
  }
  element.append(h("button", { type: "button", class: "small plain square", "aria-label": "Dismiss", onclick: away }, icon("close")));
  place.append(element);
  while (place.children.length > 4) place.firstChild.remove();
  announce(text);
  let timer = setTimeout(away, action || bad ? 10_000 : 5000);
  // Whoever points at it or has the focus in it is still reading.
  for (const come of ["pointerenter", "focusin"]) element.addEventListener(come, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) {
    element.addEventListener(go, () => {
      clearTimeout(timer);
      if (!element.matches(":hover, :focus-within")) timer = setTimeout(away, 4000);
    });
  }
}

export const complain = (problem) => toast(problem.message, { bad: true });
