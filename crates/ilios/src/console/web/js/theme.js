// Runs before the first paint, so that a page in the dark never flashes white.
(() => {
  let theme = "auto";
  try {
    theme = localStorage.getItem("ilios.theme") ?? "auto";
  } catch {
    // A browser that keeps nothing follows the system.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
