// Keeps a reader's place: which of the new tasks goes where, so that lines do not jump while they are read.

/** Those that are still there keep their place, new ones fill the gaps. */
export function settle(before, fresh, size) {
  const coming = new Map(fresh.slice(0, size).map((task) => [task.id, task]));
  const places = before.slice(0, size).map((task) => {
    const still = task && coming.get(task.id);
    if (still) coming.delete(task.id);
    return still ?? null;
  });
  while (places.length < size) places.push(null);
  const rest = coming.values();
  for (let i = 0; i < size; i++) places[i] ??= rest.next().value ?? null;
  return places.filter(Boolean);
}
