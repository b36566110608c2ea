// Duration, throughput, timeout rate and cancellation rate over the last hours.
import { get } from "./api.js";
import { now, onSlowBeat } from "./beat.js";
import { makeChart } from "./chart.js";
import { h } from "./elements.js";
import { duration, percent } from "./format.js";
import { refresher } from "./refresher.js";
import { on } from "./signals.js";

const SPANS = { "1 h": 60, "6 h": 360, "24 h": 1440 };

export function makeCharts() {
  let minutes = 60;
  const message = h("p", { class: "soft pad", hidden: true });
  const choose = (index) => charts.forEach((chart) => chart.mark(index));
  const perSecond = (field) => (point) => point[field] / point.seconds;
  const share = (field) => (point) => {
    const ended = point.completed + point.failed + point.cancelled + point.timedOut;
    return ended === 0 ? null : point[field] / ended;
  };
  const seconds = (value) => value === 0 ? "0" : duration(value).replace(/\.00? s$/, " s").replace(/(\.\d)0 s$/, "$1 s");
  const rates = (value) => value === 0 ? "0" : `${value < 10 ? value.toFixed(value < 1 ? 2 : 1) : Math.round(value)}/s`;
  const charts = [
    makeChart({ title: "Duration", format: seconds, least: 100, choose, lines: [{ name: "p95", tone: "second", value: (point) => point.p95Ms ?? null }, { name: "p50", tone: "running", area: true, value: (point) => point.p50Ms ?? null }] }),
    makeChart({ title: "Throughput", format: rates, least: 0.1, choose, lines: [{ name: "in", tone: "second", value: perSecond("submitted") }, { name: "completed", tone: "completed", area: true, value: perSecond("completed") }] }),
    makeChart({ title: "Timeout rate", format: percent, least: 0.05, choose, lines: [{ name: "of ended", tone: "timed_out", area: true, value: share("timedOut") }] }),
    makeChart({ title: "Cancellation rate", format: percent, least: 0.05, choose, lines: [{ name: "of ended", tone: "cancelled", area: true, value: share("cancelled") }] }),
  ];

  const refresh = refresher(async () => {
    try {
      const { stepMs, points } = await get("series", { minutes });
      charts.forEach((chart) => chart.show(prepare(points, stepMs)));
      message.hidden = true;
    } catch (problem) {
      message.textContent = problem.message;
      message.hidden = false;
    }
  }, 2000);
  let beat = 0;
  onSlowBeat(() => {
    if (++beat % 15 === 0) refresh.touch();
  });
  on("refresh", () => refresh.now());
  refresh.now();

  const buttons = Object.entries(SPANS).map(([words, span]) => h("button", {
    type: "button", class: "small plain", "aria-pressed": String(span === minutes),
    onclick(event) {
      minutes = span;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === event.currentTarget));
      refresh.now();
    },
  }, words));
  return h("section", { class: "panel panel-charts", "aria-labelledby": "panel-charts" },
    h("header", {}, h("h2", { id: "panel-charts" }, "How it goes"), h("span", { class: "grow" }), h("div", { class: "spans", role: "group", "aria-label": "Span of time" }, buttons)),
    message, h("div", { class: "charts" }, charts.map((chart) => chart.element)));
}

/** The last step has only begun: its rate counts the part that has passed, or it would seem that everything breaks down. */
function prepare(points, stepMs) {
  const time = now();
  const ready = points.map((point) => {
    const start = Date.parse(point.at);
    return { ...point, time: start, seconds: Math.min(stepMs, Math.max(0, time - start)) / 1000 };
  });
  if (ready.length > 1 && ready.at(-1).seconds < Math.min(10, stepMs / 6000)) ready.pop();
  for (const point of ready) point.seconds = Math.max(1, point.seconds);
  return ready;
}
