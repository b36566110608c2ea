// One line of a list. Lines are made once and show one task after another.
import { h, setAttribute } from "./elements.js";

export function makeRow(columns, { tag = "div", role = null, properties = {} } = {}) {
  const cells = columns.map((column) => {
    const parts = column.make();
    return { column, parts, element: h("span", { class: `cell ${column.name}`, role }, parts) };
  });
  const element = h(tag, { class: "row", ...properties }, cells.map((cell) => cell.element));
  let task = null;
  return {
    element,
    get task() {
      return task;
    },
    show(next, time) {
      if (next !== task) element.classList.toggle("fresh", task !== null && next?.id !== task.id);
      task = next;
      setAttribute(element, "data-state", task.state);
      setAttribute(element, "data-cancelling", task.cancelRequestedAt && task.state === "running" ? "" : null);
      for (const { column, parts } of cells) column.show(parts, task, time);
    },
    tick(time) {
      if (task === null) return;
      for (const { column, parts } of cells) if (column.ticks?.(task)) column.show(parts, task, time);
    },
  };
}
