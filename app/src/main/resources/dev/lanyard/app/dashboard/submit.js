// A small form that submits one task.
import { post } from "./api.js";
import { h } from "./elements.js";
import { storyOf, go } from "./route.js";
import { toast } from "./toast.js";
import { visible } from "./format.js";

export function openSubmit() {
  if (document.querySelector("dialog.submit")) return;
  // A key stands for one body: a retry after a lost answer submits once, another body is another task.
  let key = null;
  let keyOf = null;
  const fields = new Map();
  const field = (name, words, input, hint) => {
    const fault = h("p", { class: "fault", id: `fault-${name}`, hidden: true });
    const note = hint ? h("p", { class: "hint", id: `hint-${name}` }, hint) : null;
    input.id = `field-${name}`;
    input.setAttribute("aria-describedby", [hint ? `hint-${name}` : null, `fault-${name}`].filter(Boolean).join(" "));
    fields.set(name, { input, fault });
    return h("div", { class: `field field-${name}` }, h("label", { for: input.id }, words), input, note, fault);
  };
  const text = (properties) => h("input", { type: "text", autocomplete: "off", spellcheck: "false", ...properties });
  const kind = h("select", { onchange: switchKind }, [["sleep", "Sleep"], ["exec", "Command"], ["http", "HTTP request"]].map(([value, words]) => h("option", { value }, words)));
  const name = text({ required: true, maxlength: "200", placeholder: "Process images" });
  const kinds = {
    sleep: [field("sleep", "Sleep for", text({ value: "2s", class: "mono" }), "Such as 250ms, 2s, 1m30s")],
    exec: [field("exec", "Shell line", h("textarea", { class: "mono", rows: "3", spellcheck: "false", placeholder: "make all" }), "Run by the shell on the node that takes the task")],
    http: [field("http.method", "Method", h("select", {}, ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].map((value) => h("option", {}, value)))), field("http", "URL", h("input", { type: "url", autocomplete: "off", placeholder: "http://127.0.0.1:9021/rates" }))],
  };
  const particular = h("div", { class: "particular" });
  const general = h("p", { class: "fault", role: "alert", hidden: true });
  const send = h("button", { type: "submit", class: "first" }, "Submit");
  const form = h("form", { class: "form", onsubmit: submit, novalidate: true }, h("h2", { id: "submit-title" }, "New task"),
    field("name", "Name", name), field("kind", "Kind", kind), particular,
    h("div", { class: "pair" }, field("priority", "Priority", h("input", { type: "number", min: "1", step: "1", value: "1" }), "1 is the most urgent"), field("timeout", "Timeout", text({ value: "5s", class: "mono" }), "For all attempts"), field("retries", "Retries", h("input", { type: "number", min: "0", step: "1", value: "0" }), "After the first attempt")),
    field("delay", "Not before", text({ class: "mono", placeholder: "now" }), "From now, such as 30s; empty: as soon as a slot is free"),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "critical" }), h("span", {}, "Critical: its deadline may be extended while it runs")),
    general, h("div", { class: "answers" }, h("button", { type: "button", onclick: () => dialog.close() }, "Close"), send));
  const dialog = h("dialog", { class: "submit", "aria-labelledby": "submit-title" }, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  switchKind();
  dialog.showModal();
  name.focus();

  function switchKind() {
    particular.replaceChildren(...kinds[kind.value]);
    particular.className = `particular of-${kind.value}`;
  }

  function body() {
    const value = (field) => fields.get(field).input.value.trim();
    const number = (field) => (value(field) === "" ? undefined : Number(value(field)));
    const task = { name: value("name"), priority: number("priority"), timeout: value("timeout") || undefined, retries: number("retries") };
    if (kind.value === "sleep") task.sleep = value("sleep");
    else if (kind.value === "exec") task.exec = { shell: fields.get("exec").input.value };
    else task.http = { url: value("http"), method: value("http.method") };
    if (value("delay")) task.delay = value("delay");
    if (form.elements.critical.checked) task.critical = true;
    return task;
  }

  function clear() {
    general.hidden = true;
    for (const { input, fault } of fields.values()) {
      fault.hidden = true;
      input.removeAttribute("aria-invalid");
    }
  }

  function blame(where, message) {
    const path = where.replace(/^tasks\[\d+\]\.?/, "");
    const found = fields.get(path) ?? fields.get(path.split(/[.[]/)[0]);
    if (!found || !found.input.isConnected) return false;
    found.fault.textContent = message;
    found.fault.hidden = false;
    found.input.setAttribute("aria-invalid", "true");
    return true;
  }

  /** Whether there is one. */
  function focusFault() {
    const first = form.querySelector('[aria-invalid="true"]');
    first?.focus();
    return first !== null;
  }

  async function submit(event) {
    event.preventDefault();
    clear();
    if (name.value.trim() === "") blame("name", "Give the task a name.");
    for (const field of ["priority", "retries"]) if (fields.get(field).input.validity.badInput) blame(field, "A whole number.");
    if (focusFault()) return;
    send.disabled = true;
    try {
      const task = body();
      if (JSON.stringify(task) !== keyOf) {
        keyOf = JSON.stringify(task);
        key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      }
      const { tasks } = await post("tasks", task, { "Idempotency-Key": key });
      dialog.close();
      toast(`Submitted “${visible(tasks[0].name, 60)}”.`, { action: { words: "Show", run: () => go(storyOf(tasks[0].id)) } });
    } catch (problem) {
      const rest = (problem.errors ?? []).filter((error) => !blame(String(error.where ?? ""), String(error.message)));
      if (rest.length > 0 || !problem.errors?.length) {
        general.textContent = rest.map((error) => `${error.where}: ${error.message}`).join("; ") || problem.message;
        general.hidden = false;
      }
      focusFault();
    } finally {
      send.disabled = false;
    }
  }
}
