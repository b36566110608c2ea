// The search field: looks while one types; Enter goes into the list.
import { h } from "./elements.js";
import { icon } from "./icons.js";
import { address, go, onRoute, route } from "./route.js";

export function makeSearch(form, intoList) {
  let timer = null;
  const field = h("input", { type: "search", id: "search-field", name: "q", autocomplete: "off", spellcheck: "false", placeholder: "Search name, id, kind, request", "aria-label": "Search tasks by name, id, kind or request id", "aria-keyshortcuts": "/" });
  form.append(icon("search"), field, h("kbd", { "aria-hidden": "true" }, "/"));

  function look() {
    clearTimeout(timer);
    timer = null;
    const sought = field.value.trim() || null;
    if (sought === route().q || (sought === null && route().view !== "tasks")) return;
    // From the overview this is a step forward; letter after letter is not.
    go(address({ ...route(), view: "tasks", q: sought }), { replace: route().view === "tasks" });
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 220);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
    intoList();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    look();
    field.blur();
    event.stopPropagation();
  });
  onRoute((current) => {
    if (timer === null && document.activeElement !== field) field.value = current.q ?? "";
  });
  field.value = route().q ?? "";
  return field;
}
