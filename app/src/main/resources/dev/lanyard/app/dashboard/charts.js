// Duration, throughput, timeout rate and cancellation rate over the last hours.
import { get } from "./api.js";
import { onSlowBeat } from "./beat.js";
import { makeChart } from "./chart.js";
import { h } from "./elements.js";
import { duration, percent, rate } from "./format.js";
import { refresher } from "./refresher.js";
import { on } from "./signals.js";

const SPANS = { "1 h": 60, "6 h": 360, "24 h": 1440 };

export function makeCharts() {
  let minutes = 60;
  const message = h("p", { class: "soft pad", hidden: true });
  const choose = (index) => charts.forEach((chart) => chart.mark(index));
  let seconds = 60;
  const perSecond = (field) => (point) => point[field] / seconds;
  const share = (field) => (point) => {
    const ended = point.completed + point.failed + point.cancelled + point.timedOut;
    return ended === 0 ? null : point[field] / ended;
  };
  const time = (value) => value === 0 ? "0" : duration(value).replace(/\.00? s$/, " s").replace(/(\.\d)0 s$/, "$1 s");
  const charts = [
    makeChart({ title: "Duration", format: time, least: 100, choose, lines: [{ name: "p95", tone: "second", value: (point) => point.p95Ms ?? null }, { name: "p50", tone: "running", area: true, value: (point) => point.p50Ms ?? null }] }),
    makeChart({ title: "Throughput", format: rate, least: 0.2, choose, lines: [{ name: "in", tone: "second", value: perSecond("submitted") }, { name: "completed", tone: "completed", area: true, value: perSecond("completed") }] }),
    makeChart({ title: "Timeout rate", format: percent, least: 0.05, choose, lines: [{ name: "of ended", tone: "timed_out", area: true, value: share("timedOut") }] }),
    makeChart({ title: "Cancellation rate", format: percent, least: 0.05, choose, lines: [{ name: "of ended", tone: "cancelled", area: true, value: share("cancelled") }] }),
  ];

  const refresh = refresher(async () => {
    try {
      const { stepMs, points } = await get("series", { minutes });
      seconds = stepMs / 1000;
      charts.forEach((chart) => chart.show(points.map((point) => ({ ...point, time: Date.parse(point.at) }))));
      message.hidden = true;
    } catch (problem) {
      message.textContent = problem.message;
      message.hidden = false;
    }
  }, 2000, () => element.isConnected);
  let beat = 0;
  onSlowBeat(() => {
    if (++beat % 15 === 0) refresh.touch();
  });
  on("refresh", refresh.touch);

  const buttons = Object.entries(SPANS).map(([words, span]) => h("button", {
    type: "button", class: "small plain", "aria-pressed": String(span === minutes),
    onclick(event) {
      minutes = span;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === event.currentTarget));
      refresh.now();
    },
  }, words));
  const element = h("section", { class: "panel panel-charts", "aria-labelledby": "panel-charts" },
    h("header", {}, h("h2", { id: "panel-charts" }, "How it goes"), h("span", { class: "grow" }), h("div", { class: "spans", role: "group", "aria-label": "Span of time" }, buttons)),
    message, h("div", { class: "charts" }, charts.map((chart) => chart.element)));
  return { element, renew: () => refresh.now(), seen: refresh.touch };
}
