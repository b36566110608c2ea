// Keeps a reader's place: which of the new tasks goes where, so that lines do not jump while they are read.

/** What still fits keeps its place and new ones fill the gaps, although there may be newer ones: a list that changes as a whole every second cannot be read. */
export function settle(before, fresh, size, fits) {
  const coming = new Map(fresh.slice(0, size).map((task) => [task.id, task]));
  const whole = fresh.length < size;
  const places = before.slice(0, size).map((task) => {
    const again = coming.get(task.id);
    coming.delete(task.id);
    return again ?? (!whole && fits(task) ? task : null);
  });
  while (places.length < size) places.push(null);
  const rest = coming.values();
  for (let i = 0; i < size; i++) places[i] ??= rest.next().value ?? null;
  return places.filter(Boolean);
}
