// The tasks of one filter, page after page by the server's cursors. The page never holds what nobody scrolled to.
import { get } from "./api.js";
import { catchUp } from "./recent.js";

const SIZE = 200;
// After a failure, so that every drawing does not ask again.
const PAUSE = 3000;

export function makePages(query, changed) {
  const stop = new AbortController();
  const held = new Map();
  const pages = { items: [], held, total: null, totalIsMore: false, next: null, status: "loading", problem: null, first, further, stop: () => stop.abort() };
  let turn = 0;
  let asking = false;
  let notBefore = -Infinity;

  async function first() {
    const mine = ++turn;
    asking = false;
    const since = performance.now();
    try {
      const answer = await get("tasks", { ...query, limit: SIZE }, stop.signal);
      if (mine !== turn) return;
      pages.items = [];
      held.clear();
      take(answer, since);
      pages.status = "ready";
      pages.problem = null;
    } catch (problem) {
      if (stop.signal.aborted || mine !== turn) return;
      pages.problem = problem;
      if (pages.items.length === 0) pages.status = "failed";
    }
    changed();
  }

  async function further() {
    if (asking || pages.next === null || pages.status !== "ready" || performance.now() < notBefore) return;
    asking = true;
    const mine = turn;
    const since = performance.now();
    try {
      const answer = await get("tasks", { ...query, limit: SIZE, cursor: pages.next }, stop.signal);
      if (mine !== turn) return;
      take(answer, since);
      pages.problem = null;
    } catch (problem) {
      if (mine !== turn) return;
      pages.problem = problem;
      notBefore = performance.now() + PAUSE;
    } finally {
      if (mine === turn) asking = false;
    }
    if (!stop.signal.aborted) changed();
  }

  function take(answer, since) {
    catchUp(answer.tasks, since);
    for (const task of answer.tasks) {
      if (held.has(task.id)) continue;
      held.set(task.id, task);
      pages.items.push(task);
    }
    pages.next = answer.next ?? null;
    pages.total = answer.total ?? pages.items.length;
    pages.totalIsMore = answer.totalIsMore === true;
  }
  return pages;
}
