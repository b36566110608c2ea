// Moments, durations and numbers as people read them. Widths stay put: digits are tabular and units do not come and go within a second.

const number = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

export const count = (value) => number.format(value ?? 0);
export const short = (value) => ((value ?? 0) < 100_000 ? count(value) : compact.format(value));
export const counted = (value, word) => `${count(value)} ${word}${value === 1 ? "" : "s"}`;
export const millis = (moment) => (moment ? Date.parse(moment) : null);

export function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return "–";
  const value = Math.max(0, ms);
  if (value < 1) return "0 ms";
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 59_950) return `${(value / 1000).toFixed(value < 9950 ? 2 : 1)} s`;
  return coarse(value);
}

/** For what ticks: tenths of a second below ten seconds, whole units above. */
export function ticking(ms) {
  const value = Math.max(0, ms);
  if (value < 9950) return `${(value / 1000).toFixed(1)} s`;
  return value < 59_500 ? `${Math.round(value / 1000)} s` : coarse(value);
}

function coarse(value) {
  const seconds = Math.round(value / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} m`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

export function ago(ms) {
  if (ms < 1500) return "now";
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

export function rate(perSecond) {
  const value = perSecond ?? 0;
  if (value === 0) return "0/s";
  if (value < 0.1) return `${(value * 60).toFixed(1)}/min`;
  return value < 10 ? `${value.toFixed(value < 1 ? 2 : 1)}/s` : `${number.format(Math.round(value))}/s`;
}

export const percent = (share) => (share === null ? "–" : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);
export const hourAndMinute = (ms) => minute.format(ms);

export function moment(ms) {
  const date = new Date(ms);
  const sameDay = date.toDateString() === new Date().toDateString();
  const time = `${clock.format(date)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return sameDay ? time : `${day.format(date)}, ${time}`;
}

/** Control characters and direction overrides are shown as symbols, else a name could disguise itself. At most so many characters are put into the page. */
export function visible(text, limit = 400) {
  const whole = String(text ?? "");
  const cut = whole.length > limit ? `${whole.slice(0, limit)}…` : whole;
  return cut.replace(/[\u0000-\u001f\u007f]/g, (c) => String.fromCharCode(c === "\u007f" ? 0x2421 : 0x2400 + c.charCodeAt(0))).replace(/[\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** As `visible`, but lines and tabs stay: for output and errors of many lines. Colour sequences of terminals are left out. */
export function visibleLines(text, limit = 200_000) {
  const plain = String(text ?? "").replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
  const cut = plain.length > limit ? `… the first ${count(plain.length - limit)} characters are left out\n${plain.slice(-limit)}` : plain;
  return cut.split("\n").map((line) => line.split("\t").map((part) => visible(part.replace(/\r$/, ""), Infinity)).join("\t")).join("\n");
}
