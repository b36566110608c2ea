// Runs before the first paint, therefore not a module: a chosen theme must not flash up as the other one.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("lanyard.theme");
  } catch {
    // Storage is forbidden here: the system's preference decides.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
