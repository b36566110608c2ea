// One small chart: lines over time with a readout that follows the pointer or the arrow keys.
import { h, setText, svg } from "./elements.js";
import { hourAndMinute } from "./format.js";

const LEFT = 46;
const BOTTOM = 20;
const TOP = 8;

/** lines: [{name, tone, area, value(point)}]; at(index) is called when the pointer chooses a moment (null: none). */
export function makeChart({ title, lines, format, least, choose }) {
  const readouts = lines.map((line) => h("span", { class: `readout ${line.tone}` }, h("i", { "aria-hidden": "true" }), h("span", { class: "soft" }, line.name), h("b", {}, "–")));
  const moment = h("span", { class: "moment faint" });
  const drawing = svg("svg", { class: "drawing", role: "img", tabindex: "0" });
  const grid = svg("g", { class: "lattice" });
  const paths = lines.map((line) => ({ line, area: svg("path", { class: `area ${line.tone}` }), stroke: svg("path", { class: `stroke ${line.tone}` }) }));
  const cross = svg("line", { class: "cross", y1: TOP, visibility: "hidden" });
  drawing.append(grid, ...paths.flatMap(({ line, area, stroke }) => (line.area ? [area, stroke] : [stroke])), cross);
  const element = h("figure", { class: "chart" }, h("figcaption", {}, h("h3", {}, title), moment, h("span", { class: "grow" }), readouts), drawing);
  let points = [];
  let width = 0;
  let height = 0;
  let at = null;
  const x = (index) => LEFT + (points.length < 2 ? 0 : (index / (points.length - 1)) * (width - LEFT - 4));

  function draw() {
    width = drawing.clientWidth;
    height = drawing.clientHeight;
    cross.setAttribute("y2", height - BOTTOM);
    if (width === 0) return;
    const values = lines.map((line) => points.map((point) => line.value(point)));
    const top = niceTop(Math.max(least, ...values.flat().filter((value) => value !== null)));
    const y = (value) => height - BOTTOM - (value / top) * (height - BOTTOM - TOP);
    paths.forEach(({ area, stroke }, index) => {
      const line = trace(values[index], x, y);
      stroke.setAttribute("d", line.map((run) => `M${run.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join("L")}`).join(""));
      area.setAttribute("d", line.map((run) => `M${run[0][0].toFixed(1)},${y(0)}L${run.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join("L")}L${run.at(-1)[0].toFixed(1)},${y(0)}Z`).join(""));
    });
    grid.replaceChildren(...[0, 0.5, 1].flatMap((share) => {
      const level = Math.round(y(top * share)) + 0.5;
      const text = svg("text", { x: LEFT - 8, y: level + 4, "text-anchor": "end" });
      text.textContent = format(top * share);
      return [svg("line", { x1: LEFT, x2: width, y1: level, y2: level }), text];
    }), ...times());
    read();
  }

  function times() {
    const amount = Math.max(2, Math.min(6, Math.floor(width / 110)));
    if (points.length < 2) return [];
    return Array.from({ length: amount }, (_, i) => {
      const index = Math.round((i / (amount - 1)) * (points.length - 1));
      const text = svg("text", { x: x(index), y: height - 4, "text-anchor": i === 0 ? "start" : i === amount - 1 ? "end" : "middle" });
      text.textContent = hourAndMinute(points[index].time);
      return text;
    });
  }

  function read() {
    const point = points[at ?? points.length - 1];
    lines.forEach((line, index) => {
      const value = point ? line.value(point) : null;
      setText(readouts[index].lastChild, value === null ? "–" : format(value));
    });
    setText(moment, at === null || !point ? "" : hourAndMinute(point.time));
    cross.setAttribute("visibility", at === null ? "hidden" : "visible");
    if (at !== null) {
      cross.setAttribute("x1", x(at));
      cross.setAttribute("x2", x(at));
    }
    const words = lines.map((line, index) => `${line.name} ${readouts[index].lastChild.textContent}`).join(", ");
    drawing.setAttribute("aria-label", `${title}${at === null ? ", now" : `, at ${moment.textContent}`}: ${words}`);
  }

  drawing.addEventListener("pointermove", (event) => {
    const share = (event.clientX - drawing.getBoundingClientRect().left - LEFT) / (width - LEFT - 4);
    choose(points.length === 0 ? null : Math.max(0, Math.min(points.length - 1, Math.round(share * (points.length - 1)))));
  });
  drawing.addEventListener("pointerleave", () => choose(null));
  drawing.addEventListener("blur", () => choose(null));
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || points.length === 0) return;
    choose(Math.max(0, Math.min(points.length - 1, (at ?? points.length - 1) + step)));
    event.preventDefault();
  });
  new ResizeObserver(draw).observe(drawing);

  return {
    element,
    show(fresh) {
      points = fresh;
      if (at !== null && at >= points.length) at = null;
      draw();
    },
    mark(index) {
      at = index;
      read();
    },
  };
}

/** Pieces without gaps: a minute in which nothing ended has no duration, and zero would be a lie. */
function trace(values, x, y) {
  const runs = [];
  let run = null;
  values.forEach((value, index) => {
    if (value === null) run = null;
    else {
      if (run === null) runs.push((run = []));
      run.push([x(index), y(value)]);
    }
  });
  for (const each of runs) if (each.length === 1) each.push([each[0][0] + 1, each[0][1]]);
  return runs;
}

function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((step) => step >= value - 1e-12);
}
