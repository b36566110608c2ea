// Loads something again, at most once in `gap` milliseconds however often it is touched, one load at a time, and not while nobody looks.

/** `shown`: whether what is loaded is on the page; it is to be touched when it comes back there. */
export function refresher(load, gap, shown = () => true) {
  let timer = null;
  let busy = false;
  let wanted = false;
  let last = -Infinity;
  let stopped = false;

  async function run() {
    timer = null;
    if (stopped || busy) return;
    if (document.hidden || !shown()) return;
    wanted = false;
    busy = true;
    last = performance.now();
    try {
      await load();
    } finally {
      busy = false;
      if (wanted) plan();
    }
  }
  function plan() {
    if (timer !== null || busy || stopped) return;
    timer = setTimeout(run, Math.max(0, last + gap - performance.now()));
  }
  function touch() {
    wanted = true;
    plan();
  }
  function seen() {
    if (!document.hidden && wanted) plan();
  }
  document.addEventListener("visibilitychange", seen);
  return {
    touch,
    /** As soon as possible: something changed that the reader asked for. */
    now() {
      last = -Infinity;
      clearTimeout(timer);
      timer = null;
      touch();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    },
  };
}
