// The live events, read by fetch because EventSource cannot send a token. Comes back by itself, and goes on behind the last event seen.
import { call } from "./api.js";
import { setServerTime } from "./beat.js";
import { emit } from "./signals.js";

// The server sends a comment every 15 s; a stream that is silent for longer than two of them is dead even if TCP has not noticed.
const SILENCE = 40_000;
// A stream that lived so long was a good one: what comes after it is a first failure again.
const STEADY = 5000;
let lastId = null;
let failures = 0;
let wake = null;

// Over HTTP/1.1 a browser has six connections to a server for all its tabs, and for the pages that it keeps for the back button, too.
// A stream that nobody looks at would take one from those who look; it comes back with the reader, behind the last event seen.
const HIDDEN = 30_000;
let stream = null;
let away = false;
let leaving = null;

function look() {
  clearTimeout(leaving);
  if (document.hidden) leaving = setTimeout(leave, HIDDEN);
  else comeBack();
}

function leave() {
  away = true;
  stream?.abort();
}

function comeBack() {
  away = false;
  retryNow();
}

export function retryNow() {
  wake?.();
}

export async function follow() {
  addEventListener("online", retryNow);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  document.addEventListener("visibilitychange", look);
  // It may have been opened in the background.
  look();
  for (;;) {
    while (away) await new Promise((resolve) => (wake = resolve));
    emit("connection", { state: "connecting", failures });
    await read().catch(() => {});
    if (away) continue;
    failures++;
    // Half of the wait is random: a hundred pages should not all come back in the same instant.
    const wait = Math.min(10_000, 400 * 2 ** Math.min(failures - 1, 5)) * (0.5 + Math.random() / 2);
    emit("connection", { state: "waiting", failures, until: Date.now() + wait });
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  }
}

async function read() {
  const stop = (stream = new AbortController());
  let guard = setTimeout(() => stop.abort(), SILENCE);
  let begun = Infinity;
  try {
    const headers = { Accept: "text/event-stream" };
    if (lastId !== null) headers["Last-Event-ID"] = lastId;
    const answer = await call("events", { headers, signal: stop.signal });
    begun = performance.now();
    emit("connection", { state: "live" });
    let first = true;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const take = parser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(guard);
      guard = setTimeout(() => stop.abort(), SILENCE);
      // The server listens for this page since before its first byte: what a list has missed until now has to be read again. Progress is not stored.
      if (first) emit("refresh");
      first = false;
      take(value);
    }
  } finally {
    clearTimeout(guard);
    stop.abort();
    if (performance.now() - begun > STEADY) failures = 0;
  }
}

/** Takes pieces of the stream as they come; a piece may end anywhere. */
function parser() {
  let rest = "";
  let type = "";
  let id = null;
  let data = [];
  return (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (id !== null) lastId = id;
        if (data.length > 0 || type) deliver(type, data.join("\n"));
        type = "";
        id = null;
        data = [];
      } else if (line[0] !== ":") {
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
        if (field === "event") type = value;
        else if (field === "data") data.push(value);
        else if (field === "id") id = value;
      }
    }
  };
}

function deliver(type, text) {
  if (type === "reset" || type === "dropped") {
    emit("refresh");
    return;
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  if (type === "stats") {
    if (value.now) setServerTime(value.now);
    emit("stats", value);
  } else if (type === "task" || type === "progress") emit(type, value);
}
