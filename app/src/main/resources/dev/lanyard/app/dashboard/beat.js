// Time on the page: the server's clock, work gathered for the next frame, and one beat for all that ticks.

let ahead = 0;
const differences = [];
const frame = new Set();
const quick = new Set();
const slow = new Set();
let asked = false;
let beats = 0;

/** The server's time: a browser whose clock is wrong still shows how much time a task has left. */
export const now = () => Date.now() + ahead;

export function setServerTime(text) {
  const difference = Date.parse(text) - Date.now();
  if (Number.isNaN(difference)) return;
  // The message took some time to come, and one that took long makes the server seem late: the largest of the last ones is nearest to the truth.
  differences.push(difference);
  if (differences.length > 20) differences.shift();
  ahead = Math.max(...differences);
}

/** Runs once in the next frame however often it was asked for; a burst of events costs one drawing. */
export function nextFrame(work) {
  frame.add(work);
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const due = [...frame];
    frame.clear();
    for (const each of due) each();
  });
}

const gathered = new Set();
let lastGathered = -Infinity;
let waiting = false;

/** For what events ask for: at once if it was quiet, else about twelve times a second. Bars glide between, nobody reads faster, and a storm of events does not become a storm of drawing. */
export function soon(work) {
  gathered.add(work);
  if (waiting) return;
  waiting = true;
  const draw = () => {
    waiting = false;
    lastGathered = performance.now();
    const due = [...gathered];
    gathered.clear();
    for (const each of due) each();
  };
  const wait = lastGathered + 80 - performance.now();
  if (wait <= 0) nextFrame(draw);
  else setTimeout(() => nextFrame(draw), wait);
}

/** Five times a second while the page is seen. */
export function onQuickBeat(work) {
  quick.add(work);
  return () => quick.delete(work);
}

/** Once a second while the page is seen. */
export function onSlowBeat(work) {
  slow.add(work);
  return () => slow.delete(work);
}

setInterval(() => {
  if (document.hidden) return;
  const time = now();
  for (const work of quick) work(time);
  if (beats++ % 5 === 0) for (const work of slow) work(time);
}, 200);
