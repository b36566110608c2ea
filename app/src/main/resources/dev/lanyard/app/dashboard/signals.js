// What the parts of the page tell each other: task, progress, stats, refresh (lists may be wrong: load them again), connection.
const listeners = new Map();

/** Returns what takes the listener away again. */
export function on(signal, listener) {
  if (!listeners.has(signal)) listeners.set(signal, new Set());
  listeners.get(signal).add(listener);
  return () => listeners.get(signal).delete(listener);
}

export function emit(signal, value) {
  for (const listener of listeners.get(signal) ?? []) listener(value);
}
