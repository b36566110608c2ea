// Shows of a long list only the lines that are in sight; a hundred thousand tasks cost as many elements as fit on the screen.

const MARGIN = 6;

export function makeWindow(scroller, { create, at, length, height }) {
  const sizer = document.createElement("div");
  sizer.className = "sizer";
  sizer.setAttribute("role", "rowgroup");
  const head = scroller.firstElementChild;
  scroller.append(sizer);
  const rows = [];
  let viewport = 0;

  function draw(time) {
    const tall = height();
    const total = length();
    sizer.style.height = `${total * tall}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / tall) - MARGIN);
    const last = Math.min(total, Math.ceil((scroller.scrollTop + viewport) / tall) + MARGIN);
    const needed = Math.ceil(viewport / tall) + 2 * MARGIN + 2;
    while (rows.length < needed) {
      const row = create(rows.length);
      rows.push(row);
      sizer.append(row.element);
    }
    // A line keeps its element while it stays in sight: index modulo pool.
    const used = new Set();
    for (let index = first; index < last; index++) {
      const slot = index % rows.length;
      const row = rows[slot];
      used.add(slot);
      if (row.index !== index || row.tall !== tall) {
        row.element.style.transform = `translateY(${index * tall}px)`;
        row.index = index;
        row.tall = tall;
      }
      row.element.hidden = false;
      row.show(at(index), time, index);
    }
    rows.forEach((row, slot) => {
      if (used.has(slot)) return;
      row.element.hidden = true;
      row.index = -1;
    });
  }

  return {
    draw,
    measure() {
      // The head sticks to the top and covers that much.
      viewport = scroller.clientHeight - head.offsetHeight;
    },
    tick(time) {
      for (const row of rows) if (!row.element.hidden) row.tick(time);
    },
    elementAt: (index) => rows.find((row) => row.index === index && !row.element.hidden)?.element ?? null,
    reveal(index) {
      const tall = height();
      const top = index * tall;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + tall > scroller.scrollTop + viewport) scroller.scrollTop = top + tall - viewport;
    },
    get pageSize() {
      return Math.max(1, Math.floor(viewport / height()) - 1);
    },
  };
}
