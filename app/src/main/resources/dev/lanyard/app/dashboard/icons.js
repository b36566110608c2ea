// Icons on a grid of 16, drawn with strokes; states differ in shape, not only in colour.
import { svg } from "./elements.js";

const ring = "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z";
const PATHS = {
  scheduled: ring + "M8 4.6V8l2.3 1.6",
  pending: "M6.2 2.1a6.2 6.2 0 0 1 3.6 0M12.6 3.9a6.2 6.2 0 0 1 1.5 3M14 9.6a6.2 6.2 0 0 1-2 3.1M9.6 14a6.2 6.2 0 0 1-3.4 0M4 12.7a6.2 6.2 0 0 1-2-3.2M1.9 6.8a6.2 6.2 0 0 1 1.6-3",
  running: ring + "M6.7 5.6v4.8L10.6 8Z",
  retrying: "M13.6 8a5.6 5.6 0 1 1-1.7-4M13.8 1.9v2.9h-2.9",
  completed: ring + "M5.2 8.3l1.9 1.9 3.7-4.2",
  failed: ring + "M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  cancelled: ring + "M3.7 12.3l8.6-8.6",
  timed_out: "M4 1.8h8M4 14.2h8M4.8 1.8c0 3.2 3.2 4 3.2 6.2s-3.2 3-3.2 6.2M11.2 1.8c0 3.2-3.2 4-3.2 6.2s3.2 3 3.2 6.2",
  search: "M7 2.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6ZM10.6 10.6l3.4 3.4",
  plus: "M8 3v10M3 8h10",
  pause: "M5.4 3.2v9.6M10.6 3.2v9.6",
  play: "M4.6 2.9v10.2L13 8Z",
  light: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  dark: "M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z",
  auto: ring + "M8 1.8v12.4M10.5 3v10M12.6 4.6v6.8",
  keys: "M1.8 4.2h12.4v7.6H1.8ZM4.4 6.8h.1M6.8 6.8h.1M9.2 6.8h.1M11.6 6.8h.1M5.4 9.4h5.2",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.6 5.6h7.6v7.6H5.6ZM10.4 5.6V2.8H2.8v7.6h2.8",
  rerun: "M2.4 8a5.6 5.6 0 1 0 1.7-4M2.2 1.9v2.9h2.9",
  alert: "M8 2.2 14.6 13.6H1.4ZM8 6.6v3.2M8 11.6v.1",
  lost: "M2.2 2.8h11.6v4.4H2.2ZM2.2 8.8h11.6v4.4H2.2ZM4.6 5h.1M4.6 11h.1",
  calm: "M2 9.5c2-2.6 4-2.6 6 0s4 2.6 6 0M2 5.5c2-2.6 4-2.6 6 0s4 2.6 6 0",
};

export function icon(name) {
  const path = svg("path", { d: PATHS[name] ?? PATHS.pending });
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
}

export function changeIcon(element, name) {
  if (element.named === name) return;
  element.named = name;
  element.firstChild.setAttribute("d", PATHS[name] ?? PATHS.pending);
}
