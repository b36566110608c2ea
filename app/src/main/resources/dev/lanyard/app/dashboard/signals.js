// What the parts of the page tell each other: task, progress, stats, paused, refresh (lists may be wrong), connection.
const listeners = new Map();
const latest = new Map();

/** Returns what takes the listener away again. */
export function on(signal, listener) {
  if (!listeners.has(signal)) listeners.set(signal, new Set());
  listeners.get(signal).add(listener);
  return () => listeners.get(signal).delete(listener);
}

/** For what is made late: told the last value, too. */
export function onLatest(signal, listener) {
  if (latest.has(signal)) listener(latest.get(signal));
  return on(signal, listener);
}

export function emit(signal, value) {
  latest.set(signal, value);
  for (const listener of listeners.get(signal) ?? []) {
    try {
      listener(value);
    } catch (bug) {
      // Of one listener: it must not end the stream nor keep the others from hearing.
      reportError(bug);
    }
  }
}
