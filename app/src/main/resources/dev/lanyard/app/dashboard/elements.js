// Makes elements. Text only ever becomes a text node: names of tasks are written by strangers.

const FORM_STATE = new Set(["value", "checked", "disabled", "hidden", "open", "selected", "inert"]);

export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (FORM_STATE.has(key)) element[key] = value;
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A link whose address is built again when it is followed: what else is on the page may be another then than when it was drawn. */
export function link(to, properties, ...children) {
  const element = h("a", { href: to(), ...properties }, ...children);
  element.to = to;
  return element;
}

for (const way of ["click", "auxclick", "contextmenu"]) {
  addEventListener(way, (event) => {
    const followed = event.target.closest?.("a");
    if (followed?.to) followed.href = followed.to();
  }, true);
}

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Writes only what changed: an untouched text node costs no layout. */
export function setText(element, text) {
  if (element.shown === text) return;
  element.shown = text;
  element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export const byId = (id) => document.getElementById(id);
